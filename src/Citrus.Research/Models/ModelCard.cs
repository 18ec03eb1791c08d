using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Citrus.Research.Models;

/// <summary>The README.md of an exported folder: what the model is, of which data and by which recipe, and what it is not for.</summary>
internal static class ModelCard
{
    /// <param name="name">The model's name.</param>
    /// <param name="config">Its shape.</param>
    /// <param name="type">Element type of its weights, as config.json has it.</param>
    /// <param name="trainings">The notes on its training (<c>training.json</c>), the base's before the adapter's; empty where there is none.</param>
    public static string Write(string name, DecoderConfig config, string type, IReadOnlyList<JsonObject> trainings)
    {
        var text = new StringBuilder("---\nlibrary_name: transformers\npipeline_tag: text-generation\nlicense: other\nlicense_name: as-base-and-data\ntags:\n- medical\n- research\n- not-for-clinical-use\n---\n\n");
        void Line(string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
        Line($"# {Plain(name)}\n");
        Line($"{CheckpointFolder.CardMark} {typeof(ModelCard).Assembly.GetName().Version?.ToString(3)}, a workbench for research on medical language models.\n");
        Line("**Not for clinical use.** Nothing that this model writes may inform the care of a patient.\n");
        Line("## Model\n");
        Line(string.Create(CultureInfo.InvariantCulture, $"A {HuggingFaceConfig.ModelType(config.Architecture)} decoder of {config.Parameters:N0} parameters ({config.NonEmbeddingParameters:N0} without embedding and output layer): {config.Layers} layers, width {config.HiddenSize}, {config.Heads} heads ({config.KeyValueHeads} for keys), {config.VocabularySize:N0} token ids, up to {config.MaxPositions:N0} tokens, weights in {type}.\n"));
        if (trainings.Count == 0) Line("## Data and recipe\n\nThe folder that this was made from holds no note on its training (training.json).\n");
        foreach (var training in trainings)
        {
            Line($"## Data and recipe{((Text(training, "recipe") ?? Text(training, "stage")) is { } stage ? $": {stage}" : "")}\n");
            if (training["from"] is JsonObject from) Line($"Went on from: {Plain(Short(from))}\n");
            var data = new List<string>();
            foreach (var field in new[] { "data", "replay" }) Files(training[field], field, data);
            foreach (var line in data) Line($"- {line}");
            if (data.Count > 0) Line("");
            if (training["summary"] is JsonObject summary)
                Line($"{string.Join(", ", new[] { "steps", "examples", "tokens", "lossTokens", "seconds", "finalLoss", "preferenceAccuracy" }.Where(f => summary[f] is JsonValue).Select(f => $"{f} {Plain(summary[f]!.ToJsonString())}"))}.\n");
            // Everything that the run noted, but for its curve, so that it can be repeated.
            var whole = training.DeepClone().AsObject();
            if (whole["summary"] is JsonObject told) told.Remove("curve");
            Line($"```json\n{whole.ToJsonString(Checkpoint.Indented)}\n```\n");
        }

        Line("## Licence\n\nWeights derive from the base model and the data named above and are under their licences; the code that trained them is under the MIT licence.");
        return text.ToString();
    }

    /// <summary>Every file of a note with its hash, however deep it lies.</summary>
    private static void Files(JsonNode? node, string field, List<string> into)
    {
        if (node is JsonArray list) foreach (var item in list) Files(item, field, into);
        if (node is not JsonObject json) return;
        if (json["sha256"] is JsonValue) into.Add($"{field}: {Plain(Short(json))}");
        else foreach (var (_, value) in json) Files(value, field, into);
    }

    private static string Short(JsonObject json) => string.Join(", ", json.Where(p => p.Value is JsonValue).Select(p => $"{p.Key} {p.Value}"));

    private static string? Text(JsonObject json, string field) => json[field] is JsonValue value && value.TryGetValue<string>(out var text) ? Plain(text) : null;

    /// <summary>Text from a file as Markdown shows it on one line.</summary>
    private static string Plain(string text) => text.ReplaceLineEndings(" ").Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "'", StringComparison.Ordinal);
}
