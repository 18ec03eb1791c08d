namespace Citrus.Research.Training;

/// <summary>The learning rate over a run: a warm-up in a line, then the chosen <see cref="RateShape"/>. Pure functions.</summary>
public static class RateSchedule
{
    /// <summary>Factor of the learning rates for the next step.</summary>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="fraction">Part of the budget used so far.</param>
    public static double At(long step, double fraction, TrainingOptions options)
    {
        var warm = options.WarmupSteps == 0 ? 1 : Math.Min(1, (step + 1) / (double)options.WarmupSteps);
        var cool = options.Shape switch
        {
            RateShape.Cosine => options.FinalRate + ((1 - options.FinalRate) * 0.5 * (1 + Math.Cos(Math.PI * Cooled(fraction, options)))),
            RateShape.Linear => options.FinalRate + ((1 - options.FinalRate) * (1 - Cooled(fraction, options))),
            _ => options.DecayFraction == 0 ? 1 : Math.Min(1, Math.Max(options.FinalRate, (1 - fraction) / options.DecayFraction)),
        };
        return warm * cool;
    }

    /// <summary>Part of the budget that the warm-up takes: known for a budget in steps or examples, 0 for one in tokens.</summary>
    public static double WarmupFraction(TrainingOptions options)
    {
        var bySteps = options.Steps is { } steps ? options.WarmupSteps / (double)steps : 0;
        var byExamples = options.Examples is { } examples ? options.WarmupSteps * (double)options.BatchSize * options.Accumulate / examples : 0;
        return Math.Min(1, Math.Max(bySteps, byExamples));
    }

    /// <summary>How far from the end of the warm-up to the end of the budget, 0 to 1.</summary>
    private static double Cooled(double fraction, TrainingOptions options)
    {
        var warmup = WarmupFraction(options);
        return warmup >= 1 ? 0 : Math.Clamp((fraction - warmup) / (1 - warmup), 0, 1);
    }
}
