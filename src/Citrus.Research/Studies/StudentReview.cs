using Citrus.Research.Clinic;

namespace Citrus.Research.Studies;

/// <summary>What a student took back of its own statements, against what the checker says of them.</summary>
/// <param name="Caught">Taken back, and wrong.</param>
/// <param name="FalseAlarms">Taken back, and right.</param>
/// <param name="Missed">Left standing, and wrong.</param>
/// <param name="Standing">Left standing, and right.</param>
public sealed record StudentReview(int Caught, int FalseAlarms, int Missed, int Standing)
{
    /// <summary>The kinds of statement that <see cref="Corrections.Missed"/> counts: those that conclude; what cites or counts findings is left out.</summary>
    private static readonly ClaimKind[] Kinds = [ClaimKind.Conclusion, ClaimKind.Elimination, ClaimKind.Test, ClaimKind.Drug, ClaimKind.Contraindication];

    /// <summary>The counts of one student's exam.</summary>
    public static StudentReview Of(ScoreResult score) => new(
        score.Corrections.Caught, score.Corrections.Retracted - score.Corrections.Caught, score.Corrections.Missed,
        score.Faithfulness.ByKind.Where(k => Kinds.Contains(k.Key)).Sum(k => k.Value.True));

    /// <summary>The counts of two students together.</summary>
    public static StudentReview operator +(StudentReview a, StudentReview b) => new(a.Caught + b.Caught, a.FalseAlarms + b.FalseAlarms, a.Missed + b.Missed, a.Standing + b.Standing);
}
