using System.Globalization;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

/// <summary>Model outputs that others published with the answers that they read from them: MMLU-Pro's (TIGER-AI-Lab/MMLU-Pro) and MedAgentsBench's (xk-huang/medagents-benchmark).</summary>
internal static class PublishedGenerations
{
    private static readonly string[] MmluPro = ["Meta-Llama-3_1-8B-Instruct.health_biology.jsonl", "Mistral-7B-Instruct-v0.1.health_biology.jsonl"];

    /// <summary>Every record of every file beside the repository; skips the test where they are absent.</summary>
    public static IReadOnlyList<PublishedGeneration> Read()
    {
        var all = new List<PublishedGeneration>();
        foreach (var name in MmluPro)
            all.AddRange(File.ReadLines(RealData.File("mmlu_pro_model_outputs", name)).Select(l => OfMmluPro(name, JsonDocument.Parse(l).RootElement)));
        var root = Path.GetDirectoryName(RealData.File("medagents_model_outputs", "SOURCE.md"))!;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "output"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            all.AddRange(document.RootElement.EnumerateArray().Select(r => OfMedAgents(Path.GetFileName(file), r)));
        }

        return all;
    }

    private static PublishedGeneration OfMmluPro(string file, JsonElement record) => new(
        file,
        record.GetProperty("question_id").GetInt32().ToString(CultureInfo.InvariantCulture),
        [.. record.GetProperty("options").EnumerateArray().Select((o, i) => new Option(((char)('A' + i)).ToString(), o.GetString()!))],
        record.GetProperty("answer").GetString()!,
        record.GetProperty("pred").GetString(),
        record.GetProperty("generated_text").GetString()!);

    private static PublishedGeneration OfMedAgents(string file, JsonElement record) => new(
        file,
        record.GetProperty("realidx").GetInt32().ToString(CultureInfo.InvariantCulture),
        [.. record.GetProperty("options").EnumerateObject().Select(o => new Option(o.Name, o.Value.GetString()!))],
        record.GetProperty("answer_idx").GetString()!,
        record.GetProperty("predicted_answer").GetString(),
        record.TryGetProperty("completion", out var completion) ? completion.GetString()!
        : record.TryGetProperty("raw_response", out var raw) ? raw.GetString()!
        : Refined(record.GetProperty("refinement_rounds")));

    /// <summary>The solution that the last round of refinement left: its revision, else the one it began with.</summary>
    private static string Refined(JsonElement rounds)
    {
        var all = rounds.EnumerateArray().ToList();
        static string? Text(JsonElement round, string name) => round.TryGetProperty(name, out var text) ? text.GetString() : null;
        return Text(all[^1], "revise_response") ?? Text(all[^1], "revised_response") ?? Text(all[0], "review_response")!;
    }
}
