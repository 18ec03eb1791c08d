using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>Supervised fine-tuning on the narratives of one arm.</summary>
public sealed record FineTuneRecipe
{
    /// <summary>Different training questions.</summary>
    public int Questions { get; init; } = 4000;

    /// <summary>Examples seen, repetitions counted.</summary>
    public long Examples { get; init; } = 16000;

    /// <summary>Share of batches that are drills, so that binding and walking are not forgotten, 0..1; the same in every arm, on top of <see cref="Examples"/>.</summary>
    public double DrillShare { get; init; } = 0.2;

    /// <summary>Share of those drills that are walks, 0..1; the rest are binding drills.</summary>
    public double WalkShare { get; init; } = 0.6;

    /// <summary>Loss weight of the tokens between the answer tags.</summary>
    public double AnswerWeight { get; init; } = 4;

    /// <summary>Part of the steps, at the end, over which the rate falls.</summary>
    public double DecayFraction { get; init; } = 0.5;

    /// <summary>Loss weight of the words that decide a treatment: the marks of contraindications and the verdict on the first line.</summary>
    public double VerdictWeight { get; init; } = 4;

    /// <summary>How fallible the reasoning expert is, 0..1 (see the clinician's options).</summary>
    public double Fallibility { get; init; } = 0.45;

    /// <summary>Sequences per batch.</summary>
    public int BatchSize { get; init; } = 16;

    public OptimizerOptions Optimizer { get; init; } = new() { MuonRate = 0.01 };
}
