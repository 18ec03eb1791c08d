namespace Citrus.Research.Questions;

/// <summary>An exam question with its options and its truth.</summary>
/// <remarks><see cref="Answers"/> is the truth; an expert that must not know it is sent the stem and the options only.</remarks>
public sealed record Question
{
    /// <summary>Unique within its benchmark and split.</summary>
    public required string Id { get; init; }

    /// <summary>The text that is asked about, options excluded.</summary>
    public required string Stem { get; init; }

    public required IReadOnlyList<Option> Options { get; init; }

    /// <summary>The stem rewritten so that it can be answered without its options; null where nobody rewrote it.</summary>
    public string? OpenStem { get; init; }

    /// <summary>Labels of the right options; one for most benchmarks, several for some.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    /// <summary>Where the question comes from, e.g. <c>medqa-us-4</c> or <c>clinic</c>.</summary>
    public string Benchmark { get; init; } = "";

    /// <summary><c>train</c>, <c>dev</c>, <c>test</c> or empty.</summary>
    public string Split { get; init; } = "";

    /// <summary>What is asked for, e.g. <c>diagnosis</c>, <c>test</c>, <c>treatment</c>; empty where the benchmark does not say.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Facts about the question that reports group by (never shown to an expert), e.g. <c>unseen</c> = <c>true</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The single right label.</summary>
    /// <exception cref="InvalidOperationException">The question has several right options.</exception>
    public string Answer => Answers.Count == 1
        ? Answers[0]
        : throw new InvalidOperationException($"Question {Id} has {Answers.Count} right options; ask for Answers.");

    /// <summary>The text of the single right option.</summary>
    public string AnswerText => OptionText(Answer);

    /// <summary>The text of the option with this label.</summary>
    public string OptionText(string label) =>
        Options.FirstOrDefault(o => o.Label == label)?.Text
        ?? throw new ArgumentException($"Question {Id} has no option {label}; it has {string.Join(", ", Options.Select(o => o.Label))}.");
}
