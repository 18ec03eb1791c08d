using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Hugging Face's <c>config.json</c>, in and out, for the families of <see cref="DecoderArchitecture"/>.</summary>
/// <remarks>
/// Fields that are absent have the defaults of Transformers' configuration class of the family. A field that asks for other maths than is supported, and a field that
/// is not known at all, is an error that names it: a model that is computed otherwise than its authors meant it gives wrong figures without a sign of it.
/// </remarks>
public static class HuggingFaceConfig
{
    /// <summary>Longest file that is read, in bytes.</summary>
    public const int LongestFile = 16_000_000;

    /// <summary>The families by <c>model_type</c>.</summary>
    private static readonly (string Type, string Class, DecoderArchitecture Architecture)[] Families =
    [
        ("qwen3", "Qwen3ForCausalLM", DecoderArchitecture.Qwen3), ("qwen2", "Qwen2ForCausalLM", DecoderArchitecture.Qwen2),
        ("llama", "LlamaForCausalLM", DecoderArchitecture.Llama), ("mistral", "MistralForCausalLM", DecoderArchitecture.Mistral),
    ];

    /// <summary>The family's name in the file, e.g. <c>qwen2</c>.</summary>
    public static string ModelType(DecoderArchitecture architecture) => Array.Find(Families, f => f.Architecture == architecture).Type;

    /// <summary>The shape that a <c>config.json</c> describes.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged, or asks for something that is not supported; the message names field, value and what may be there.</exception>
    public static DecoderConfig Read(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");
        if (new FileInfo(path).Length > LongestFile) throw new InvalidDataException($"{path} has {new FileInfo(path).Length} bytes; a config has a few thousand, at most {LongestFile} are read.");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it is no JSON object");
            return Parse(new ConfigFields(path, json));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The file's content for a shape, so that Transformers, vLLM and llama.cpp's converter read the same model from it.</summary>
    /// <param name="config">The shape.</param>
    /// <param name="endId">Token id that ends an answer.</param>
    /// <param name="padId">Token id of padding; null where there is none.</param>
    /// <param name="type">Element type that the weights are stored in.</param>
    public static JsonObject Write(DecoderConfig config, int endId, int? padId, torch.ScalarType type = torch.ScalarType.Float32) => Write(config, [endId], padId, null, type);

    /// <param name="config">The shape.</param>
    /// <param name="endIds">Token ids that end an answer; written as a list where there are several.</param>
    /// <param name="padId">Token id of padding; null where there is none.</param>
    /// <param name="beginId">Token id that begins a text; null where there is none.</param>
    /// <param name="type">Element type that the weights are stored in.</param>
    /// <inheritdoc cref="Write(DecoderConfig, int, int?, torch.ScalarType)"/>
    public static JsonObject Write(DecoderConfig config, IReadOnlyList<int> endIds, int? padId, int? beginId, torch.ScalarType type = torch.ScalarType.Float32)
    {
        config.Validate();
        var (modelType, className, family) = Array.Find(Families, f => f.Architecture == config.Architecture);
        var json = new JsonObject { ["architectures"] = new JsonArray(className), ["model_type"] = modelType };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(config)!.AsObject().ToList()) json[name] = value!.DeepClone();
        json["hidden_act"] = "silu";
        if (family is DecoderArchitecture.Qwen3 or DecoderArchitecture.Llama) json["attention_bias"] = false;
        if (family is DecoderArchitecture.Llama) json["mlp_bias"] = false;
        json["attention_dropout"] = 0.0;
        if (family is DecoderArchitecture.Qwen3 or DecoderArchitecture.Qwen2) json["use_sliding_window"] = config.SlidingWindow is not null;
        if (family is DecoderArchitecture.Mistral || config.SlidingWindow is not null) json["sliding_window"] = config.SlidingWindow;
        if (family is not DecoderArchitecture.Mistral && config.SlidingWindow is not null) json["max_window_layers"] = config.FullAttentionLayers;
        json["rope_scaling"] = config.RopeScaling is not { } s ? null : new JsonObject
        {
            ["rope_type"] = "llama3",
            ["factor"] = s.Factor,
            ["low_freq_factor"] = s.LowFrequencyFactor,
            ["high_freq_factor"] = s.HighFrequencyFactor,
            ["original_max_position_embeddings"] = s.OriginalMaxPositions,
        };
        json["use_cache"] = true;
        json["torch_dtype"] = type switch
        {
            torch.ScalarType.Float32 => "float32",
            torch.ScalarType.BFloat16 => "bfloat16",
            torch.ScalarType.Float16 => "float16",
            _ => throw new ArgumentException($"A checkpoint's weights cannot be of type {type}; float32, bfloat16 and float16 can be had."),
        };
        json["bos_token_id"] = beginId;
        json["eos_token_id"] = endIds.Count == 1 ? endIds[0] : new JsonArray([.. endIds.Select(i => (JsonNode)i)]);
        json["pad_token_id"] = padId;
        return json;
    }

    private static DecoderConfig Parse(ConfigFields fields)
    {
        var type = fields.Text("model_type") ?? throw fields.Bad("model_type", "is missing; a decoder's config names its family there");
        var index = Array.FindIndex(Families, f => f.Type == type);
        if (index < 0) throw fields.Bad("model_type", $"is '{type}'; supported are {string.Join(", ", Families.Select(f => f.Type))}");
        var (_, className, family) = Families[index];
        fields.CheckClass(className);
        fields.CheckKnown();
        var (theta, scaling) = RopeFields.Read(fields, family);
        var heads = fields.Whole("num_attention_heads");
        var hidden = fields.Whole("hidden_size");
        var keyHeads = fields.Whole("num_key_value_heads", family switch
        {
            DecoderArchitecture.Mistral => 8,
            DecoderArchitecture.Llama => heads,
            _ => 32,
        }, whereNull: heads);
        int headSize;
        if (family == DecoderArchitecture.Qwen3) headSize = fields.Whole("head_dim", 128, whereNull: 128);
        else if (fields.Has("head_dim")) headSize = fields.Whole("head_dim");
        else if (heads > 0 && hidden % heads == 0) headSize = hidden / heads;
        else throw fields.Bad("head_dim", string.Create(CultureInfo.InvariantCulture, $"is missing and hidden_size ({hidden}) is no multiple of num_attention_heads ({heads})"));
        var layers = fields.Whole("num_hidden_layers");
        var (window, full) = WindowFields.Read(fields, family, layers);
        var config = new DecoderConfig
        {
            Architecture = family,
            VocabularySize = fields.Whole("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = fields.Whole("intermediate_size"),
            Layers = layers,
            Heads = heads,
            KeyValueHeads = keyHeads,
            HeadSize = headSize,
            RopeTheta = theta,
            NormEpsilon = fields.Number("rms_norm_eps", 1e-6),
            TiedEmbeddings = fields.Flag("tie_word_embeddings", false),
            MaxPositions = fields.Whole("max_position_embeddings", family switch
            {
                DecoderArchitecture.Llama => 2048,
                DecoderArchitecture.Mistral => 4096 * 32,
                _ => 32768,
            }),
            RopeScaling = scaling,
            SlidingWindow = window,
            FullAttentionLayers = full,
        };
        config.Validate();
        return config;
    }
}
