namespace Citrus.Research.Evaluation;

/// <summary>How runs are compared.</summary>
public sealed record RunComparisonOptions
{
    /// <summary>A tag of the questions that names what several of them are about (a case, a passage); whole clusters are then drawn anew. None by default.</summary>
    public string? ClusterTag { get; init; }

    /// <summary>Resamples of the bootstrap; at least 100.</summary>
    public int Resamples { get; init; } = 10_000;

    /// <summary>Same seed, same intervals.</summary>
    public long Seed { get; init; }

    /// <summary>Chance of even one false alarm among all pairs; intervals have the confidence 1 - level.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>Chance of finding the detectable difference.</summary>
    public double Power { get; init; } = 0.8;
}
