using System.Runtime.InteropServices;
using Citrus.Research.Tokenization;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Decoders as GGUF files, which llama.cpp and what is built on it load.</summary>
/// <remarks>
/// Keys and names are those that llama.cpp's converter (convert_hf_to_gguf.py) writes for the architectures <c>qwen3</c>, <c>qwen2</c> and <c>llama</c>; Mistral is a
/// llama there. Weights are read and written piece by piece.
/// </remarks>
public static class Gguf
{
    /// <summary>Writes a decoder that is in memory; a file of that name is replaced once the new one is complete.</summary>
    /// <param name="path">The file, <c>.gguf</c>.</param>
    /// <param name="decoder">The weights. An adapter is not part of them: merge it first.</param>
    /// <param name="tokenizer">Its byte-level tokenizer.</param>
    /// <param name="type">Type of the matrices.</param>
    /// <param name="name">The model's name for people.</param>
    /// <exception cref="InvalidDataException">The tokenizer cannot be expressed or does not fit, or a weight does not fit the type.</exception>
    public static void Write(string path, Decoder decoder, StudentTokenizer tokenizer, GgufType type = GgufType.Float32, string? name = null) =>
        Write(path, decoder.Config, new DecoderWeights(decoder), tokenizer, type, name ?? Path.GetFileNameWithoutExtension(path), null);

    internal static void Write(string path, DecoderConfig config, IWeightSource weights, StudentTokenizer tokenizer, GgufType type, string name, int? beginId)
    {
        Torch.EnsureLoaded();
        var file = new GgufWriter();
        Describe(file, config, type, name);
        GgufTokenizer.Add(file, tokenizer, config.VocabularySize, beginId);
        if (config.RopeScaling is not null)
        {
            var factors = RopeFactors(config);
            file.Add("rope_freqs.weight", [factors.Length], GgufTensorType.Float32, stream => LittleEndian.Write(stream, MemoryMarshal.AsBytes<float>(factors), 4));
        }

        foreach (var entry in weights.Entries)
        {
            var stored = Stored(entry, type);
            file.Add(GgufNames.Of(entry.Name), entry.Shape, stored, stream => WriteTensor(stream, config, weights, entry, stored));
        }

        file.Write(path);
    }

    /// <summary>By how much llama3's scaling slows each pair of a head's dimensions; llama.cpp divides the angles by it.</summary>
    internal static float[] RopeFactors(DecoderConfig config)
    {
        var scaling = config.RopeScaling ?? throw new ArgumentException("This decoder has no scaling of its rotary positions.");
        var factors = new float[config.HeadSize / 2];
        for (var i = 0; i < factors.Length; i++)
        {
            var wavelength = 2 * Math.PI * Math.Pow(config.RopeTheta, 2.0 * i / config.HeadSize);
            var blend = (scaling.OriginalMaxPositions / wavelength - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
            factors[i] = (float)(blend >= 1 ? 1 : blend <= 0 ? scaling.Factor : 1 / ((1 - blend) / scaling.Factor + blend));
        }

        return factors;
    }

    private static void Describe(GgufWriter file, DecoderConfig config, GgufType type, string name)
    {
        var kind = config.Architecture switch
        {
            DecoderArchitecture.Qwen3 => "qwen3",
            DecoderArchitecture.Qwen2 => "qwen2",
            _ => "llama",
        };
        file.Add("general.architecture", kind);
        file.Add("general.type", "model");
        file.Add("general.name", name);
        file.Add("general.quantization_version", 2u);
        file.Add("general.file_type", type switch
        {
            GgufType.Float32 => 0u,
            GgufType.Float16 => 1u,
            GgufType.Q8 => 7u,
            _ => 32u,
        });
        void Number(string key, int value) => file.Add($"{kind}.{key}", (uint)value);
        Number("vocab_size", config.VocabularySize);
        Number("context_length", config.MaxPositions);
        Number("embedding_length", config.HiddenSize);
        Number("block_count", config.Layers);
        Number("feed_forward_length", config.IntermediateSize);
        Number("attention.head_count", config.Heads);
        Number("attention.head_count_kv", config.KeyValueHeads);
        Number("attention.key_length", config.HeadSize);
        Number("attention.value_length", config.HeadSize);
        Number("rope.dimension_count", config.HeadSize);
        if (config.SlidingWindow is { } window) Number("attention.sliding_window", window);
        file.Add($"{kind}.rope.freq_base", (float)config.RopeTheta);
        file.Add($"{kind}.attention.layer_norm_rms_epsilon", (float)config.NormEpsilon);
    }

    private static GgufTensorType Stored(WeightEntry entry, GgufType type) => type switch
    {
        _ when entry.Shape.Length < 2 => GgufTensorType.Float32,
        GgufType.Float32 => GgufTensorType.Float32,
        GgufType.BFloat16 => GgufTensorType.BFloat16,
        GgufType.Q8 when entry.Width % Q8Block.Length == 0 => GgufTensorType.Q8,
        _ => GgufTensorType.Float16,
    };

    private static void WriteTensor(Stream stream, DecoderConfig config, IWeightSource weights, WeightEntry entry, GgufTensorType stored)
    {
        var type = stored switch
        {
            GgufTensorType.Float16 => torch.ScalarType.Float16,
            GgufTensorType.BFloat16 => torch.ScalarType.BFloat16,
            _ => torch.ScalarType.Float32,
        };
        // llama.cpp's llama turns neighbouring dimensions of a head together, Hugging Face's turns the two halves: queries' and keys' rows are put in that order.
        var turned = config.Architecture is DecoderArchitecture.Llama or DecoderArchitecture.Mistral
            && (entry.Name.EndsWith("q_proj.weight", StringComparison.Ordinal) || entry.Name.EndsWith("k_proj.weight", StringComparison.Ordinal));
        WeightRows.ForEach(weights, entry, type, piece =>
        {
            if (turned) piece = piece.reshape(-1, 2, config.HeadSize / 2, entry.Width).transpose(1, 2).contiguous();
            if (stored != GgufTensorType.Q8)
            {
                LittleEndian.Write(stream, piece.bytes, type == torch.ScalarType.Float32 ? 4 : 2);
                return;
            }

            var numbers = MemoryMarshal.Cast<byte, float>(piece.bytes);
            var blocks = new byte[numbers.Length / Q8Block.Length * Q8Block.Bytes];
            try
            {
                Q8Block.Quantise(numbers, blocks);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException($"Tensor {entry.Name} cannot be quantised: {e.Message}.", e);
            }

            stream.Write(blocks);
        }, turned ? config.HeadSize : 1);
    }
}
