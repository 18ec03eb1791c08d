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

    /// <summary>Continued pre-training, then stage 1: general instructions (<see cref="LadderRecipe"/>). No case is seen.</summary>
    General,

    /// <summary>As <see cref="General"/>, then stage 2: complex instructions. Still no case.</summary>
    Complex,

    /// <summary>As <see cref="Complex"/>, then stage 3: the arm's narratives, of the fewest questions.</summary>
    ReasoningSmall,

    /// <summary>The same questions, repeated until as many examples are seen as in <see cref="ReasoningLarge"/>: tells more data from longer training.</summary>
    ReasoningSmallLonger,

    /// <summary>As <see cref="ReasoningSmall"/>, of more questions.</summary>
    ReasoningMedium,

    /// <summary>The same of the most questions.</summary>
    ReasoningLarge,

    /// <summary>As <see cref="ReasoningLarge"/>, with instructions without medical content mixed into stage 3.</summary>
    ReasoningWithGeneral,

    /// <summary>Stage 3 of the most questions straight after continued pre-training: the control without stages 1 and 2.</summary>
    ReasoningAlone,

    /// <summary>As <see cref="ReasoningLarge"/>, then preference training on few pairs.</summary>
    PreferenceSmall,

    /// <summary>The same on many.</summary>
    PreferenceLarge,
}
