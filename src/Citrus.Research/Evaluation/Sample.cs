using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>One line of a sample log: everything needed to see, and to score again, what a model said.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Prompt">The last user message as it was sent.</param>
/// <param name="Output">The raw output, thought and tags included; for likelihoods the chosen label.</param>
/// <param name="OutputTokens">Tokens of the output; null where nobody counted.</param>
/// <param name="Answers">The labels that are right.</param>
/// <param name="Extracted">What was read from the output, in the labels that the model saw.</param>
/// <param name="Correct">Whether exactly the right options were chosen.</param>
/// <remarks>What stands below the parameters came later; a log without it still reads.</remarks>
public sealed record Sample(
    string Question, string Prompt, string Output, int? OutputTokens, IReadOnlyList<string> Answers, ExtractedAnswer Extracted, bool Correct)
{
    /// <summary>How a log is written: tags readable, not escaped; a score that is not a number as the text <c>NaN</c>.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The question's benchmark; empty where it names none.</summary>
    public string Benchmark { get; init; } = "";

    /// <summary>All that was sent, in order; null where it was <see cref="Prompt"/> alone, as one user message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SampleMessage>? Messages { get; init; }

    /// <summary>The thought, whether the model sent it apart or between think tags; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Thinking { get; init; }

    /// <summary>Labels that were chosen, in the question's own labels (a shuffle undone); null where it is the extracted one alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Chosen { get; init; }

    /// <summary>Tokens of the messages; null where nobody counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? InputTokens { get; init; }

    /// <summary>How long the reply took when it was made, in milliseconds; null where nobody measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LatencyMs { get; init; }

    /// <summary>Score of each option, in nats, in the question's own order; null for generation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? OptionScores { get; init; }

    /// <summary>Which of several samples of the same request this is, from 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Repeat { get; init; }

    /// <summary>How this request differs from the others of its question: <c>order=BDAC</c> (original labels in the order shown), <c>thinking=512</c> (token budget); empty where there is one way only.</summary>
    public string Variant { get; init; } = "";

    /// <summary>The labels that were chosen, in the question's own labels; empty where no answer could be read.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Choice => Chosen ?? (Extracted.Label is { } label ? [label] : []);

    /// <summary>The whole lines of a log; a torn last line is left out.</summary>
    public static IReadOnlyList<Sample> Read(string path)
    {
        using var journal = JsonLinesJournal<Sample>.Open(path, Json);
        return journal.Records;
    }
}
