using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>How a size's shared base is trained: drills that bind an option to its label, then textbook and drills together.</summary>
public sealed record BaseRecipe
{
    /// <summary>Steps of short drills alone. A plain decoder stays at chance on long drills unless it has seen short ones first.</summary>
    public int ShortDrillSteps { get; init; } = 500;

    /// <summary>Steps of textbook mixed with long drills.</summary>
    public int MixedSteps { get; init; } = 1500;

    /// <summary>Share of the mixed batches that are drills, 0..1.</summary>
    public double DrillShare { get; init; } = 0.4;

    /// <summary>Sequences per batch.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { MuonRate = 0.007 };
}
