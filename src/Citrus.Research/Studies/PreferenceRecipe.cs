using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>Preference training on a student's own answers: right against wrong ones to the same training question.</summary>
public sealed record PreferenceRecipe
{
    /// <summary>Fresh training questions to sample on; none is among those of fine-tuning.</summary>
    public int Questions { get; init; } = 1500;

    /// <summary>Answers sampled per question.</summary>
    public int Samples { get; init; } = 8;

    /// <summary>Sampling temperature.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>Pairs learned from, repetitions counted.</summary>
    public long Pairs { get; init; } = 4000;

    public PreferenceOptions Loss { get; init; } = new();

    /// <summary>Pairs per batch.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { Muon = false, AdamRate = 2e-5 };
}
