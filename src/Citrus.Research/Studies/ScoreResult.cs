using Citrus.Research.Evaluation;

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

    /// <summary>Mean tokens of an answer, the end token excluded.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Claims in the students' reasoning that could be checked against the case and the knowledge.</summary>
    public required long Claims { get; init; }

    /// <summary>Those that were true.</summary>
    public required long TrueClaims { get; init; }

    /// <summary>How the student's own checks fared.</summary>
    public required SelfCorrection Checks { get; init; }
}
