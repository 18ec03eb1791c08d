using Citrus.Research.Models;

namespace Citrus.Research.Training;

/// <summary>How long and how to train; what is learned comes from the batches.</summary>
public sealed record TrainingOptions
{
    /// <summary>Sequences of a batch (pairs, for preference training); used by <see cref="TrainingBatches"/>.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches whose gradients make one step: the loss is averaged over the tokens (or pairs) of them all, so a batch of 4 four times is a batch of 16.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Stop when this many sequences (pairs) were learned from. One of the three budgets must be given; the first to be reached ends the run.</summary>
    public long? Examples { get; init; }

    /// <summary>Stop when this many tokens were read.</summary>
    public long? Tokens { get; init; }

    /// <summary>Stop after this many steps.</summary>
    public long? Steps { get; init; }

    /// <summary>Steps over which the rate rises from nothing.</summary>
    public int WarmupSteps { get; init; } = 30;

    /// <summary>How the rate falls after the warm-up.</summary>
    public RateShape Shape { get; init; }

    /// <summary>For <see cref="RateShape.WarmupStableDecay"/>: part of the budget, at its end, over which the rate falls in a line; 1 falls from the start, 0 never.</summary>
    public double DecayFraction { get; init; } = 0.5;

    /// <summary>Part of the full rate that is left at the end.</summary>
    public double FinalRate { get; init; } = 0.02;

    /// <summary>Threads of one tensor operation; 1 is fastest for small students, and what keeps two trainings from hindering each other.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Points of the loss curve that the summary keeps, each a mean over its steps.</summary>
    public int CurvePoints { get; init; } = 100;

    /// <summary>Precision of matrix products, the optimiser's included.</summary>
    public ComputePrecision Precision { get; init; }

    /// <summary>Decay of the running average of the weights, e.g. 0.999, with which training ends and by which it is scored; null keeps none.</summary>
    public double? AverageDecay { get; init; }

    /// <summary>Computes each layer's inner values a second time on the way back instead of keeping them: less memory, about a third more time.</summary>
    public bool ActivationCheckpointing { get; init; }

    public OptimizerOptions Optimizer { get; init; } = new();

    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void Validate()
    {
        Optimizer.Validate();
        Check(BatchSize >= 1, nameof(BatchSize), BatchSize, "at least 1");
        Check(Accumulate >= 1, nameof(Accumulate), Accumulate, "at least 1");
        Check(AverageDecay is null or (>= 0 and < 1), nameof(AverageDecay), AverageDecay ?? 0, "in [0, 1), or null for no average");
        Check(Examples is not null || Tokens is not null || Steps is not null, "the budget", 0, "given: set Examples, Tokens or Steps");
        Check(Examples is null or > 0, nameof(Examples), Examples ?? 0, "at least 1");
        Check(Tokens is null or > 0, nameof(Tokens), Tokens ?? 0, "at least 1");
        Check(Steps is null or > 0, nameof(Steps), Steps ?? 0, "at least 1");
        Check(WarmupSteps >= 0, nameof(WarmupSteps), WarmupSteps, "0 or above");
        Check(DecayFraction is >= 0 and <= 1, nameof(DecayFraction), DecayFraction, "in [0, 1]");
        Check(FinalRate is >= 0 and <= 1, nameof(FinalRate), FinalRate, "in [0, 1]");
        Check(Threads >= 1, nameof(Threads), Threads, "at least 1");
        Check(CurvePoints >= 1, nameof(CurvePoints), CurvePoints, "at least 1");
    }

    private static void Check(bool good, string name, double value, string mend)
    {
        if (!good) throw new ArgumentException(FormattableString.Invariant($"Training: {name} is {value}; it must be {mend}."));
    }
}
