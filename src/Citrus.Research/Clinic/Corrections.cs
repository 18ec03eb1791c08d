namespace Citrus.Research.Clinic;

/// <summary>How a text dealt with its own errors.</summary>
/// <param name="Retracted">Statements it took back.</param>
/// <param name="Caught">Of those, the ones that were wrong indeed; the others were false alarms.</param>
/// <param name="Repaired">Of the caught ones, those followed by a statement that is true.</param>
/// <param name="Missed">False statements that stand, except those that cite or count findings: wrong conclusions, tests, drugs and contraindications.</param>
public sealed record Corrections(int Retracted, int Caught, int Repaired, int Missed)
{
    public static Corrections operator +(Corrections a, Corrections b) =>
        new(a.Retracted + b.Retracted, a.Caught + b.Caught, a.Repaired + b.Repaired, a.Missed + b.Missed);
}
