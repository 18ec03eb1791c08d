namespace Citrus.Research.Experts;

/// <summary>The parts an expert can be asked to play; named in the <c>role:</c> header line of its prompt.</summary>
public static class ExpertRoles
{
    /// <summary>Thinks and answers without knowing the truth.</summary>
    public const string Reasoning = "reasoning-expert";

    /// <summary>Knows the truth; rates a proposed step 0 or 1 and says what is wrong with it without giving the answer away.</summary>
    public const string Reflection = "reflection-expert";

    /// <summary>Judges whether the accepted steps suffice to answer.</summary>
    public const string Judge = "sufficiency-judge";

    /// <summary>Retells accepted steps as one text.</summary>
    public const string Narrator = "narrator";

    /// <summary>Marks a student's answer against the truth.</summary>
    public const string Examiner = "examiner";

    /// <summary>Rewrites a question so that it can be answered without options, keeping every detail.</summary>
    public const string Rewriter = "open-rewriter";

    /// <summary>Answers at once; weak and strong ones together tell how difficult a question is.</summary>
    public const string Answerer = "answerer";

    /// <summary>Says which option a free answer means.</summary>
    public const string Matcher = "option-matcher";

    /// <summary>Scores one answer 0-100 against the truth.</summary>
    public const string PointwiseJudge = "pointwise-judge";

    /// <summary>Says which of two answers is better.</summary>
    public const string PairwiseJudge = "pairwise-judge";

    /// <summary>Says whether a free answer means the same as the truth.</summary>
    public const string Checker = "answer-checker";

    /// <summary>Asks a patient and comes to a diagnosis.</summary>
    public const string Doctor = "doctor";

    /// <summary>Answers a doctor, knowing its own case and nothing else.</summary>
    public const string Patient = "patient";
}
