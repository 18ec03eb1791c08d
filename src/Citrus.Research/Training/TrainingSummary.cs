namespace Citrus.Research.Training;

/// <summary>What a training did. Everything but <see cref="Seconds"/> is the same each time on one machine.</summary>
public sealed record TrainingSummary
{
    public required long Steps { get; init; }

    /// <summary>Sequences (pairs) learned from, repetitions counted.</summary>
    public required long Examples { get; init; }

    /// <summary>Tokens read, padding excluded.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens that had a weight above 0 in the loss.</summary>
    public required long LossTokens { get; init; }

    /// <summary>Wall-clock time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Loss of the last point of the curve; nats per token for cross-entropy.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>How the loss went.</summary>
    public required IReadOnlyList<LossPoint> Curve { get; init; }

    /// <summary>For preference training: part of the last point's pairs whose chosen answer scores higher.</summary>
    public double? PreferenceAccuracy { get; init; }
}
