using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Evaluation;
using Citrus.Research.Figures;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Figures;

/// <summary>Small runs for reports.</summary>
internal static class SomeRun
{
    public static Question Question(int i, string? stem = null, string answer = "A", string benchmark = "exam", string kind = "diagnosis") => new()
    {
        Id = $"q{i}",
        Stem = stem ?? $"Patient {i} has a fever and a rash. What is the diagnosis?",
        Options = [new("A", "measles"), new("B", "gout"), new("C", "angina"), new("D", "asthma")],
        Answers = [answer],
        Benchmark = benchmark,
        Kind = kind,
    };

    /// <summary>A sample that chose a label; null for one without an answer.</summary>
    public static Sample Sample(Question question, string? chosen, string? output = null, int repeat = 0) => new(
        question.Id, $"Answer this.\n{question.Stem}", output ?? (chosen is null ? "I cannot say." : $"<think>Because of the rash.</think><answer>{chosen}. it</answer>"), 12, question.Answers,
        new ExtractedAnswer(chosen is null ? ExtractionTier.None : ExtractionTier.Tagged, chosen, null, chosen is not null), chosen is not null && question.Answers.Contains(chosen))
    {
        Benchmark = question.Benchmark,
        LatencyMs = 1500,
        InputTokens = 40,
        Repeat = repeat,
    };

    public static ReportRun Of(string name, IReadOnlyList<Question> questions, Func<Question, int, string?> chosen) => new()
    {
        Name = name,
        Model = "student:" + name,
        Protocol = "greedy generation, think/answer v1",
        Questions = questions,
        Samples = [.. questions.Select((q, i) => Sample(q, chosen(q, i)))],
    };

    /// <summary>Writes the three files of a run's folder.</summary>
    public static string Write(string folder, IReadOnlyList<Question> questions, IEnumerable<Sample> samples, int? right = null, string model = "student:x")
    {
        Directory.CreateDirectory(folder);
        var all = samples.ToList();
        UnifiedQuestions.Write(Path.Combine(folder, "questions.jsonl"), questions);
        File.WriteAllText(Path.Combine(folder, "samples.jsonl"), string.Concat(all.Select(s => JsonSerializer.Serialize(s, Research.Evaluation.Sample.Json) + "\n")));
        File.WriteAllText(Path.Combine(folder, "score.json"), new JsonObject
        {
            ["model"] = model,
            ["score"] = new JsonObject
            {
                ["protocol"] = new JsonObject { ["name"] = "greedy generation, think/answer", ["version"] = "1" },
                ["correct"] = new JsonObject { ["count"] = right ?? all.Count(s => s.Correct), ["n"] = questions.Count },
            },
        }.ToJsonString());
        return folder;
    }
}
