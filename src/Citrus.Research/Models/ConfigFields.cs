using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Models;

/// <summary>The fields of one <c>config.json</c>, asked for by type; errors name file, field and value.</summary>
internal sealed class ConfigFields(string path, JsonObject json)
{
    /// <summary>What <see cref="HuggingFaceConfig"/> reads and checks.</summary>
    private static readonly HashSet<string> Read = new(StringComparer.Ordinal)
    {
        "model_type", "architectures", "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "rope_theta",
        "rope_scaling", "rope_parameters", "rms_norm_eps", "tie_word_embeddings", "max_position_embeddings", "sliding_window", "use_sliding_window", "max_window_layers", "layer_types",
    };

    /// <summary>What does not change what a decoder computes: ids of tokens, settings of generation, notes, how Transformers runs it.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "attn_implementation", "bad_words_ids", "begin_suppress_tokens", "bos_token_id", "decoder_start_token_id", "diversity_penalty", "do_sample", "dtype", "early_stopping",
        "encoder_no_repeat_ngram_size", "eos_token_id", "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id", "forced_eos_token_id", "gradient_checkpointing", "id2label",
        "initializer_range", "label2id", "length_penalty", "max_length", "max_new_tokens", "min_length", "min_p", "model_max_length", "name_or_path", "no_repeat_ngram_size", "num_beam_groups",
        "num_beams", "num_return_sequences", "output_attentions", "output_hidden_states", "output_scores", "pad_token_id", "prefix", "pretraining_tp", "problem_type", "remove_invalid_values",
        "repetition_penalty", "return_dict", "return_dict_in_generate", "sep_token_id", "suppress_tokens", "task_specific_params", "temperature", "tf_legacy_loss", "tokenizer_class", "top_k", "top_p",
        "torch_dtype", "torchscript", "transformers_version", "typical_p", "unk_token_id", "unsloth_fixed", "unsloth_version", "use_bfloat16", "use_cache", "chunk_size_feed_forward",
        "transformers.js_config", "is_decoder", "language_model_only", "torch_compile", "max_sequence_length", "seq_length", "training_args", "ms_version",
    };

    /// <summary>Values that mean the maths that is done here; anything else is refused.</summary>
    private static readonly Dictionary<string, (Func<JsonNode, bool> Means, string Supported)> Fixed = new(StringComparer.Ordinal)
    {
        ["hidden_act"] = (v => Is(v, "silu") || Is(v, "swish"), "silu"),
        ["hidden_activation"] = (v => Is(v, "silu") || Is(v, "swish"), "silu"),
        ["mlp_bias"] = (v => Is(v, false), "false"),
        ["attention_dropout"] = (v => Is(v, 0), "0 (training drops nothing out)"),
        ["hidden_dropout"] = (v => Is(v, 0), "0 (training drops nothing out)"),
        ["resid_pdrop"] = (v => Is(v, 0), "0 (training drops nothing out)"),
        ["embd_pdrop"] = (v => Is(v, 0), "0 (training drops nothing out)"),
        ["partial_rotary_factor"] = (v => Is(v, 1), "1"),
        ["is_encoder_decoder"] = (v => Is(v, false), "false"),
        ["add_cross_attention"] = (v => Is(v, false), "false"),
        ["tie_encoder_decoder"] = (v => Is(v, false), "false"),
        ["cross_attention_hidden_size"] = (_ => false, "null"),
        ["pruned_heads"] = (v => v is JsonObject { Count: 0 } or JsonArray { Count: 0 }, "an empty object"),
        ["quantization_config"] = (_ => false, "null (weights in float32, bfloat16 or float16; use the model's unquantised files)"),
        ["quantization"] = (_ => false, "null (weights in float32, bfloat16 or float16; use the model's unquantised files)"),
        ["auto_map"] = (_ => false, "null (code that comes with a model is not run; if it is one of the supported families, remove the field)"),
    };

    public string Path => path;

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string name) => json[name] is not null;

    /// <summary>Whether the field is there, be it null.</summary>
    public bool Mentions(string name) => json.ContainsKey(name);

    public JsonNode? Node(string name) => json[name];

    public InvalidDataException Bad(string name, string what) => new($"{path}: {name} {what}.");

    public string? Text(string name) => json[name] switch
    {
        null => null,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        var other => throw Bad(name, $"is {Short(other)}; it must be a text"),
    };

    /// <param name="name">The field.</param>
    /// <param name="whereAbsent">Its value where it is not there; null is an error.</param>
    /// <param name="whereNull">Its value where it is null; null is as absent.</param>
    public int Whole(string name, int? whereAbsent = null, int? whereNull = null) => json[name] switch
    {
        null => (Mentions(name) ? whereNull : null) ?? whereAbsent ?? throw Bad(name, "is missing; it must be a whole number"),
        JsonValue v when v.GetValueKind() == JsonValueKind.Number && double.TryParse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number is >= int.MinValue and <= int.MaxValue && number == Math.Floor(number) => (int)number,
        var other => throw Bad(name, $"is {Short(other)}; it must be a whole number below {int.MaxValue}"),
    };

    public double Number(string name, double whereAbsent) => json[name] switch
    {
        null => whereAbsent,
        var node => AsNumber(node, name),
    };

    public double AsNumber(JsonNode node, string name) =>
        node is JsonValue v && v.GetValueKind() == JsonValueKind.Number && double.TryParse(v.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number : throw Bad(name, $"is {Short(node)}; it must be a number");

    public bool Flag(string name, bool whereAbsent) => json[name] switch
    {
        null => whereAbsent,
        JsonValue v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False => v.GetValue<bool>(),
        var other => throw Bad(name, $"is {Short(other)}; it must be true or false"),
    };

    /// <summary>Throws where <c>architectures</c> names another class than the family's.</summary>
    public void CheckClass(string expected)
    {
        if (json["architectures"] is not { } classes) return;
        if (classes is not JsonArray { Count: 1 } list || !Is(list[0]!, expected))
            throw Bad("architectures", $"is {Short(classes)}; for model_type {Text("model_type")} only {expected} is supported");
    }

    /// <summary>Throws where a field is unknown or has a value that changes the maths.</summary>
    public void CheckKnown()
    {
        // Transformers looks at attention_bias in Llama and Qwen3 only; Qwen2 has its biases, Mistral none, whatever it says.
        if (Text("model_type") is "llama" or "qwen3" && Flag("attention_bias", false))
            throw Bad("attention_bias", "is true; this family is supported without biases only (false)");
        foreach (var (name, value) in json)
        {
            if (value is null || name == "attention_bias" || Read.Contains(name) || Harmless.Contains(name) || name.StartsWith('_')) continue;
            if (Fixed.TryGetValue(name, out var rule))
            {
                if (!rule.Means(value)) throw Bad(name, $"is {Short(value)}; supported is {rule.Supported}");
            }
            else if (!Is(value, false))
            {
                throw Bad(name, $"({Short(value)}) is a field that is not known for {Text("model_type")}; it may change what the model computes. If it does not, remove it from the file");
            }
        }
    }

    /// <summary>Whether a value says "none of this": false, an empty list or object.</summary>
    public static bool IsEmpty(JsonNode value) => value is JsonArray { Count: 0 } or JsonObject { Count: 0 } || Is(value, false);

    /// <summary>A value as it is written, cut where it is long.</summary>
    public static string Short(JsonNode node)
    {
        var text = node.ToJsonString();
        if (node is JsonValue && node.GetValueKind() == JsonValueKind.String) text = $"'{node.GetValue<string>()}'";
        return text.Length <= 80 ? text : text[..80] + "...";
    }

    private static bool Is(JsonNode node, string text) => node is JsonValue && node.GetValueKind() == JsonValueKind.String && node.GetValue<string>() == text;

    private static bool Is(JsonNode node, bool flag) => node is JsonValue && node.GetValueKind() == (flag ? JsonValueKind.True : JsonValueKind.False);

    private static bool Is(JsonNode node, double number) =>
        node is JsonValue && node.GetValueKind() == JsonValueKind.Number && double.TryParse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture, out var found) && found == number;
}
