using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

/// <summary>A row of results/extraction/disagreements.csv: a published output of which its publisher read another answer than we do.</summary>
/// <param name="File">As the publisher names it.</param>
/// <param name="Record">The record's id in the file.</param>
/// <param name="Upstream">The publisher's letter; empty where it read none.</param>
/// <param name="Ours">Our label; empty where we read none.</param>
/// <param name="Gold">The right label.</param>
/// <param name="Tier">How we read it.</param>
/// <param name="Reason">A class of docs/extraction.md.</param>
internal sealed record ExtractionDisagreement(string File, string Record, string? Upstream, string? Ours, string Gold, ExtractionTier Tier, string Reason);
