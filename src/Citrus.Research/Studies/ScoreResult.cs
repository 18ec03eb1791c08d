using Citrus.Research.Clinic;

namespace Citrus.Research.Studies;

/// <summary>What scoring a student leaves.</summary>
public sealed record ScoreResult
{
    public required long Parameters { get; init; }

    /// <summary>Parameters outside embedding and output layer.</summary>
    public required long NonEmbeddingParameters { get; init; }

    /// <summary>Examples seen in fine-tuning, drills included.</summary>
    public required long TrainingExamples { get; init; }

    /// <summary>Tokens read in fine-tuning.</summary>
    public required long TrainingTokens { get; init; }

    /// <summary>How answers were asked for and read, name and version.</summary>
    public required string Protocol { get; init; }

    public required IReadOnlyList<ScoreGroup> Groups { get; init; }

    /// <summary>One character a question, in the order of the questions: 1 where the label was right, else 0.</summary>
    public required string Letter { get; init; }

    /// <summary>The same for the named option.</summary>
    public required string Named { get; init; }

    /// <summary>For each group but the whole: one character a question, 1 where it belongs to the group.</summary>
    public required IReadOnlyDictionary<string, string> Members { get; init; }

    /// <summary>Mean tokens of an answer, the end token excluded.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Claims of the written reasoning that could be checked against the case and the knowledge, and how many hold.</summary>
    public required Faithfulness Faithfulness { get; init; }

    /// <summary>What the reasoning took back, and whether rightly.</summary>
    public required Corrections Corrections { get; init; }
}
