namespace Citrus.Research.Evaluation;

/// <summary>An accuracy on a named benchmark that somebody published.</summary>
/// <param name="Model">As the source calls it.</param>
/// <param name="Billions">Parameters in billions; null where they are not public.</param>
/// <param name="Benchmark">As in the table, e.g. <c>MedQA</c>.</param>
/// <param name="Percent">Accuracy in percent.</param>
/// <param name="N">Questions; null where the source does not say.</param>
/// <param name="Protocol">How it was asked and scored, as far as a source that could be read says so.</param>
/// <param name="Source">Where the number stands.</param>
/// <param name="Verified">How far the number was checked.</param>
/// <param name="Check">What it was checked against, or why it was not.</param>
/// <param name="Conflict">Other numbers for the same model and benchmark, in words; empty where there is none.</param>
public sealed record BenchmarkScore(
    string Model, double? Billions, string Benchmark, double Percent, int? N, string Protocol, string Source, SourceCheck Verified, string Check, string Conflict)
{
    /// <summary>Right answers of <see cref="N"/>; null where n is not known. The percentage was rounded, so it may be one off.</summary>
    public Rate? Rate => N is { } n ? new Rate((int)Math.Round(Percent / 100 * n), n) : null;
}
