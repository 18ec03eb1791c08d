namespace Citrus.Research.Studies;

/// <summary>How far a student's training goes.</summary>
public enum Stage
{
    /// <summary>Drills, then supervised fine-tuning; no textbook.</summary>
    FineTunedOnly,

    /// <summary>Continued pre-training on the textbook, then supervised fine-tuning.</summary>
    WithTextbook,

    /// <summary>As <see cref="WithTextbook"/>, then CPO with SimPO on answers sampled from the student itself.</summary>
    WithPreference,
}
