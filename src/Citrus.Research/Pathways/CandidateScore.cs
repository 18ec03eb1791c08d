namespace Citrus.Research.Pathways;

/// <summary>A reflection expert's verdict on one candidate.</summary>
/// <param name="Score">0-100.</param>
/// <param name="Feedback">Why; may be empty.</param>
public sealed record CandidateScore(double Score, string Feedback);
