namespace Citrus.Research.Training;

/// <summary>Where a training is.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Fraction">Part of the budget used, 0 to 1.</param>
/// <param name="Loss">Mean loss since the last report, in the loss's unit (nats per token for cross-entropy).</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="TokensPerSecond">Mean since the start of this sitting.</param>
/// <param name="Remaining">Expected time to the end, by the pace since the first report (the first steps are slow); null in that one.</param>
public sealed record TrainingProgress(long Step, double Fraction, double Loss, long Tokens, double TokensPerSecond, TimeSpan? Remaining)
{
    /// <summary>Factor of the learning rates in the last step; see <see cref="RateSchedule"/>.</summary>
    public double RateFactor { get; init; }

    /// <summary>Norm of the last step's gradients before clipping; null without a run.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Model FLOP utilisation in this sitting, 0 to 1; null where the machine's peak is not known.</summary>
    public double? Mfu { get; init; }

    /// <summary>Working set of the process in bytes; null without a run.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory in use on the GPU, in bytes; null on a CPU.</summary>
    public long? DeviceMemory { get; init; }

    /// <summary>What the scorer gave at the checkpoint of this step; null elsewhere.</summary>
    public double? Score { get; init; }
}
