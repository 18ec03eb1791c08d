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
}
