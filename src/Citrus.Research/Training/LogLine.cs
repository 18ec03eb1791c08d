namespace Citrus.Research.Training;

/// <summary>A line of a run's log, <c>log.jsonl</c>.</summary>
public sealed record LogLine
{
    /// <summary>Steps taken.</summary>
    public required long Step { get; init; }

    /// <summary>Part of the budget used, 0 to 1.</summary>
    public double Fraction { get; init; }

    /// <summary>Mean loss since the line before; nats a token for next-token training.</summary>
    public required double Loss { get; init; }

    /// <summary>For preference training: share of pairs since the line before whose chosen answer scores higher.</summary>
    public double? PreferenceAccuracy { get; init; }

    /// <summary>Learning rate of the last step: Muon's where it is used, else AdamW's.</summary>
    public double Rate { get; init; }

    /// <summary>Norm of the last step's gradients, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Sequences (pairs) learned from so far.</summary>
    public long Examples { get; init; }

    /// <summary>Tokens read so far.</summary>
    public long Tokens { get; init; }

    /// <summary>Since the line before, or since this sitting began.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Model FLOP utilisation, 0 to 1: operations by <see cref="TrainingCost"/> a second, of what the machine could do; null where that is not known.</summary>
    public double? Mfu { get; init; }

    /// <summary>Working set of the process, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Most memory of the GPU that was in use, in bytes; null on a CPU.</summary>
    public long? DeviceMemory { get; init; }

    /// <summary>Time spent training, in seconds, over all sittings.</summary>
    public double Seconds { get; init; }

    /// <summary>Expected time to the end, in seconds; null while unknown.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>What the scorer gave, on the lines of checkpoints.</summary>
    public double? Score { get; init; }
}
