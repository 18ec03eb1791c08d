using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder on disk: a Hugging Face folder, as Transformers, vLLM and llama.cpp's converter read it.</summary>
public static class Checkpoint
{
    public const string ConfigFile = "config.json", GenerationFile = "generation_config.json", WeightsFile = "model.safetensors";

    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n" };

    /// <summary>Writes the folder; a folder of that name is replaced, and only once the new one is complete.</summary>
    /// <param name="decoder">The student.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="endId">Token id that ends an answer.</param>
    /// <param name="padId">Token id of padding.</param>
    /// <param name="writeTokenizer">Writes the tokenizer's files (and any others) into the folder it is given.</param>
    /// <param name="options">Type and size of the weights' files; by default the decoder's type.</param>
    /// <remarks>Weights go to disk piece by piece; no second copy of the model is made in memory. An attached adapter is not part of the weights: merge it first.</remarks>
    public static void Save(Decoder decoder, string folder, int endId, int padId, Action<string>? writeTokenizer = null, SaveOptions? options = null)
    {
        var chosen = options ?? new SaveOptions();
        CheckpointFolder.Replace(folder, draft =>
        {
            WriteJson(Path.Combine(draft, ConfigFile), HuggingFaceConfig.Write(decoder.Config, endId, padId, chosen.Type ?? decoder.WeightType));
            WriteJson(Path.Combine(draft, GenerationFile), new JsonObject { ["do_sample"] = false, ["eos_token_id"] = endId, ["pad_token_id"] = padId });
            SafetensorsWriter.Write(draft, new DecoderWeights(decoder), chosen);
            writeTokenizer?.Invoke(draft);
        });
    }

    /// <summary>Throws where a folder holds anything but a checkpoint of ours, which <see cref="Save"/> would replace.</summary>
    /// <exception cref="IOException">It holds something else; the message names it.</exception>
    public static void EnsureReplaceable(string folder) => CheckpointFolder.EnsureReplaceable(folder);

    /// <summary>Reads a folder that holds a decoder of one of the families of <see cref="DecoderArchitecture"/>, in one safetensors file or in shards.</summary>
    /// <param name="folder">The folder, with <c>config.json</c>.</param>
    /// <param name="device">Where the weights are wanted; null is <see cref="Torch.DefaultDevice"/>.</param>
    /// <param name="type">Their type: float32, bfloat16 or float16. What the files have is converted on the way.</param>
    /// <exception cref="InvalidDataException">Something is missing, damaged or of another architecture; the message says what.</exception>
    public static Decoder Load(string folder, torch.Device? device = null, torch.ScalarType type = torch.ScalarType.Float32)
    {
        var config = LoadConfig(folder);
        Torch.EnsureLoaded();
        using var weights = CheckpointWeights.Open(folder);
        weights.Expect(config);
        return Decoder.Create(config, weights.CopyTo, device, type);
    }

    /// <summary>The shape written in a folder's <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged, or asks for something that is not supported.</exception>
    public static DecoderConfig LoadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path)) throw new InvalidDataException($"{folder} is no checkpoint: it has no {ConfigFile}.");
        return HuggingFaceConfig.Read(path);
    }

    internal static void WriteJson(string path, JsonNode json) => File.WriteAllText(path, json.ToJsonString(Indented) + "\n");
}
