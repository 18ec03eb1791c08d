namespace Citrus.Research.Studies;

/// <summary>How far a student's training goes.</summary>
public enum Stage
{
    /// <summary>Drills, then supervised fine-tuning; no textbook.</summary>
    FineTunedOnly,

    /// <summary>Continued pre-training on the textbook, then supervised fine-tuning.</summary>
    WithTextbook,

    /// <summary>As <see cref="WithTextbook"/>, then CPO with SimPO's score on answers sampled from the student itself, as <see cref="StudyPlan.Preference"/> says.</summary>
    WithPreference,

    /// <summary>The same with the paper's settings; see <see cref="PreferenceRecipe.AsInThePaper"/>.</summary>
    WithPaperPreference,

    /// <summary>The same samples, the right ones alone, learned as they are: what the contrast with wrong ones adds is the difference to this.</summary>
    WithRejectionSampling,

    /// <summary>As <see cref="WithTextbook"/>, fine-tuned on for as many steps as a preference stage takes.</summary>
    WithMoreFineTuning,
}
