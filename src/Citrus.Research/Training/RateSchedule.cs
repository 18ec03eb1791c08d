namespace Citrus.Research.Training;

/// <summary>Warm-up, then the full rate, then a line down (Hu et al. 2024, "warmup-stable-decay").</summary>
public static class RateSchedule
{
    /// <summary>Factor of the learning rates for the next step.</summary>
    /// <param name="step">Steps taken so far.</param>
    /// <param name="fraction">Part of the budget used so far.</param>
    public static double At(long step, double fraction, TrainingOptions options)
    {
        var warm = options.WarmupSteps == 0 ? 1 : Math.Min(1, (step + 1) / (double)options.WarmupSteps);
        var cool = options.DecayFraction == 0 ? 1 : Math.Min(1, Math.Max(options.FinalRate, (1 - fraction) / options.DecayFraction));
        return warm * cool;
    }
}
