namespace Citrus.Research.Synthesis;

/// <summary>How hard a question is, as a weak and a strong answerer show it. These are the names that published labels use too.</summary>
public static class Difficulty
{
    /// <summary>Name of the question's tag.</summary>
    public const string Tag = "difficulty";

    /// <summary>The weak answerer gets it right.</summary>
    public const string Easy = "easy";

    /// <summary>The weak one does not, the strong one does.</summary>
    public const string Hard = "hard";

    /// <summary>Neither does: too hard for both, or a question whose truth is doubtful.</summary>
    public const string Unknown = "unknown";

    /// <summary>An answerer gets a question right who is right in at least half of its samples.</summary>
    /// <param name="weak">Share of the weak answerer's samples that are right.</param>
    /// <param name="strong">The same of the strong one.</param>
    public static string Of(double weak, double strong) => weak >= 0.5 ? Easy : strong >= 0.5 ? Hard : Unknown;
}
