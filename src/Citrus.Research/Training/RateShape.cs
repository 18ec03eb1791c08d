namespace Citrus.Research.Training;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum RateShape
{
    /// <summary>Full rate, then a line down over the last <see cref="TrainingOptions.DecayFraction"/> of the budget (Hu et al. 2024, "warmup-stable-decay").</summary>
    WarmupStableDecay,

    /// <summary>Half a cosine from the full rate to <see cref="TrainingOptions.FinalRate"/> of it (Loshchilov and Hutter 2017, without restarts).</summary>
    Cosine,

    /// <summary>A line from the full rate to <see cref="TrainingOptions.FinalRate"/> of it.</summary>
    Linear,
}
