using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Citrus.Research.Models;

/// <summary>What an <c>adapter_config.json</c> of PEFT says.</summary>
/// <param name="Options">Rank and scale.</param>
/// <param name="BaseName">Where the base is to be had.</param>
/// <param name="Targets">Whether a linear layer has an update, by its whole name.</param>
/// <param name="TargetList">Names or last parts of names of the layers; null where the file has a pattern.</param>
/// <param name="TargetText">The field as it is written.</param>
internal sealed record PeftConfig(LoraOptions Options, string? BaseName, Func<string, bool> Targets, IReadOnlyList<string>? TargetList, string TargetText)
{
    private const int LongestFile = 4_000_000;

    /// <summary>Share of an update's inputs that its own training dropped out, 0..1.</summary>
    public double Dropout { get; private init; }

    /// <summary>Read here; what does not change what an adapter computes; and what PEFT leaves to other kinds of updates and is empty else.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "peft_type", "task_type", "r", "lora_alpha", "use_rslora", "target_modules", "base_model_name_or_path", "init_lora_weights", "bias",
        "auto_mapping", "revision", "inference_mode", "lora_dropout", "megatron_core", "peft_version", "qalora_group_size", "loftq_config", "eva_config", "corda_config", "runtime_config",
    };

    /// <exception cref="InvalidDataException">The file is missing or damaged, or asks for something that is not supported.</exception>
    public static PeftConfig Read(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{System.IO.Path.GetDirectoryName(path)} is no adapter: it has no {PeftAdapter.ConfigFile}.");
        if (new FileInfo(path).Length > LongestFile) throw new InvalidDataException($"{path} has {new FileInfo(path).Length} bytes; at most {LongestFile} are read.");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it is no JSON object");
            var fields = new ConfigFields(path, json);
            return Parse(fields, json) with { Dropout = fields.Number("lora_dropout", 0) };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public static JsonObject Write(LoraOptions options, string? baseName) => new()
    {
        ["alpha_pattern"] = new JsonObject(),
        ["auto_mapping"] = null,
        ["base_model_name_or_path"] = baseName,
        ["bias"] = "none",
        ["fan_in_fan_out"] = false,
        ["inference_mode"] = true,
        ["init_lora_weights"] = true,
        ["layer_replication"] = null,
        ["layers_pattern"] = null,
        ["layers_to_transform"] = null,
        ["loftq_config"] = new JsonObject(),
        ["lora_alpha"] = options.Alpha == Math.Floor(options.Alpha) && options.Alpha < int.MaxValue ? (int)options.Alpha : options.Alpha,
        ["lora_dropout"] = 0.0,
        ["megatron_config"] = null,
        ["megatron_core"] = "megatron.core",
        ["modules_to_save"] = null,
        ["peft_type"] = "LORA",
        ["r"] = options.Rank,
        ["rank_pattern"] = new JsonObject(),
        ["revision"] = null,
        ["target_modules"] = new JsonArray([.. options.Targets.Select(t => (JsonNode)t)]),
        ["task_type"] = "CAUSAL_LM",
        ["use_dora"] = false,
        ["use_rslora"] = options.RankStabilised,
    };

    private static PeftConfig Parse(ConfigFields fields, JsonObject json)
    {
        if (fields.Text("peft_type") is var kind && kind != "LORA") throw fields.Bad("peft_type", $"is '{kind}'; supported is LORA");
        if (fields.Text("task_type") is { } task and not "CAUSAL_LM") throw fields.Bad("task_type", $"is '{task}'; supported is CAUSAL_LM");
        if (fields.Text("bias") is { } bias and not "none") throw fields.Bad("bias", $"is '{bias}'; supported is none: the adapter changes biases of the base, which is not done here");
        // Other starts than these change the base too, so that the adapter alone does not tell what it computes.
        if (fields.Node("init_lora_weights") is { } start && ConfigFields.Short(start) is not ("true" or "false" or "'gaussian'" or "'orthogonal'" or "'eva'"))
            throw fields.Bad("init_lora_weights", $"is {ConfigFields.Short(start)}; such adapters change the base's weights too. Convert it to a plain LoRA adapter when saving it (PEFT: path_initial_model_for_weight_conversion)");
        foreach (var (name, value) in json)
        {
            if (value is null || Known.Contains(name) || ConfigFields.IsEmpty(value)) continue;
            throw fields.Bad(name, $"is {ConfigFields.Short(value)}; this is not supported: LoRA updates of linear layers, all of one rank and alpha, can be read");
        }

        var options = new LoraOptions { Rank = fields.Whole("r"), Alpha = fields.Number("lora_alpha", 8), RankStabilised = fields.Flag("use_rslora", false) };
        options.Validate();
        var node = fields.Node("target_modules") ?? throw fields.Bad("target_modules", "is missing; it must name the layers that the adapter updates");
        var text = ConfigFields.Short(node);
        if (node is JsonArray list)
        {
            var names = list.Select(n => n is JsonValue && n.GetValueKind() == JsonValueKind.String ? n.GetValue<string>() : throw fields.Bad("target_modules", "must hold names")).ToList();
            return new PeftConfig(options, fields.Text("base_model_name_or_path"), layer => names.Exists(n => LoraAdapter.Chooses(n, layer)), names, text);
        }

        var pattern = fields.Text("target_modules")!;
        if (pattern == "all-linear") return new PeftConfig(options, fields.Text("base_model_name_or_path"), layer => layer != "lm_head", null, text);
        try
        {
            var regex = new Regex($"^(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new PeftConfig(options, fields.Text("base_model_name_or_path"), regex.IsMatch, null, text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw fields.Bad("target_modules", $"is {text}, a pattern that is not understood ({e.Message}); write the layers' names as a list instead");
        }
    }
}
