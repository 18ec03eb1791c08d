using System.Text.Encodings.Web;
using System.Text.Json;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>One line of a sample log: everything needed to see, and to score again, what a model said.</summary>
public sealed record Sample(
    string Question, string Prompt, string Output, int? OutputTokens, IReadOnlyList<string> Answers, ExtractedAnswer Extracted, bool Correct)
{
    /// <summary>How a log is written: tags readable, not escaped.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole lines of a log; a torn last line is left out.</summary>
    public static IReadOnlyList<Sample> Read(string path)
    {
        using var journal = JsonLinesJournal<Sample>.Open(path, Json);
        return journal.Records;
    }
}
