namespace Citrus.Research.Studies;

/// <summary>What is learned from right and wrong samples.</summary>
public enum PreferenceObjective
{
    /// <summary>CPO with SimPO's score over whole answers, right and wrong ones paired at random.</summary>
    WholeAnswers,

    /// <summary>
    /// The same over what follows the first difference, each wrong answer paired with the right one that begins most like it. Most words of a wrong answer are right:
    /// whole answers push them down too.
    /// </summary>
    FromDivergence,

    /// <summary>As <see cref="FromDivergence"/> without the contrast: the right samples alone are learned (rejection-sampling fine-tuning). The control that tells what the wrong ones add.</summary>
    ChosenAlone,

    /// <summary>No samples at all: the fine-tuning examples that the others replay, as many steps. The control that tells what mere continuation adds.</summary>
    ReplayAlone,
}
