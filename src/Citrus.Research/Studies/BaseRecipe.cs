using Citrus.Research.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>How a size's shared base is trained: drills that bind an option to its label, then textbook and drills together.</summary>
public sealed record BaseRecipe
{
    /// <summary>How weights are drawn.</summary>
    public DecoderInitialisation Start { get; init; } = new();

    /// <summary>Steps of short drills alone. A plain decoder stays at chance on long drills unless it can do short ones first.</summary>
    public int ShortDrillSteps { get; init; } = 450;

    /// <summary>
    /// More short drills follow, so many steps at a time, until their loss is down to <see cref="BoundLoss"/>. Binding comes suddenly, after a number of
    /// steps that differs by size and seed; a base that goes on without it may never bind (one of 0.4M did not).
    /// </summary>
    public int MoreShortDrillSteps { get; init; } = 150;

    /// <summary>Most steps of short drills in all.</summary>
    public int MostShortDrillSteps { get; init; } = 2250;

    /// <summary>Mean loss of the last twentieth of a round of short drills, nats a label, at which labels count as bound; guessing is 1.39.</summary>
    public double BoundLoss { get; init; } = 0.1;

    /// <summary>Steps of textbook mixed with drills.</summary>
    public int MixedSteps { get; init; } = 1500;

    /// <summary>Whether the textbook is read; without it the mixed steps are drills alone.</summary>
    public bool Textbook { get; init; } = true;

    /// <summary>Loss weight of a finding's name in a textbook passage: findings are listed in random order, so the name is noise and the sign behind it is the fact.</summary>
    public double FindingNameWeight { get; init; } = 0.1;

    /// <summary>Share of the mixed batches that are drills, 0..1.</summary>
    public double DrillShare { get; init; } = 0.4;

    /// <summary>Share of those drills that are walks, 0..1; the rest are binding drills.</summary>
    public double WalkShare { get; init; } = 0.5;

    /// <summary>Share of the binding drills among them that are short, 0..1.</summary>
    public double BriefShare { get; init; } = 0.3;

    /// <summary>Part of the steps, at the end, over which the rate falls.</summary>
    public double DecayFraction { get; init; } = 0.4;

    /// <summary>Sequences per batch.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { MuonRate = 0.01 };
}
