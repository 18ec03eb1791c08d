namespace Citrus.Research.Figures;

/// <summary>A line of <c>results/extraction/disagreements.csv</c>: an output that we read otherwise than its publisher.</summary>
/// <param name="File">The publisher's file.</param>
/// <param name="Record">The output's record in it.</param>
/// <param name="Upstream">The option that the publisher read; empty for none.</param>
/// <param name="Ours">The option that we read; empty for none.</param>
/// <param name="Gold">The right option.</param>
/// <param name="Tier">How we read it.</param>
/// <param name="Reason">Why the two differ, in a few words.</param>
public sealed record ReaderDisagreement(string File, string Record, string? Upstream, string? Ours, string Gold, string Tier, string? Reason);
