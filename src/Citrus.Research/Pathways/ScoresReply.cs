namespace Citrus.Research.Pathways;

/// <summary>A reflection expert's verdicts, one per candidate in their order; null where it said nothing about one.</summary>
public sealed record ScoresReply(IReadOnlyList<CandidateScore?> Scores);
