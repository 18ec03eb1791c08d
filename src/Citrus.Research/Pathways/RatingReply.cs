namespace Citrus.Research.Pathways;

/// <summary>A verdict: a reflection expert's rating of a step, or a judge's on sufficiency.</summary>
/// <param name="Accepts">1 or yes.</param>
/// <param name="Feedback">Why; may be empty.</param>
public sealed record RatingReply(bool Accepts, string Feedback);
