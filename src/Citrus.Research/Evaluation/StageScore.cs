namespace Citrus.Research.Evaluation;

/// <summary>A line of a published ablation of training stages.</summary>
/// <param name="Step">The model after the step, in the source's terms.</param>
/// <param name="After">The step that it was trained on from; empty where it begins a chain of its own.</param>
/// <param name="Examples">Training examples of the step; null where not told.</param>
/// <param name="Percent">Accuracy in percent.</param>
/// <param name="N">Questions.</param>
/// <param name="Setting">What was trained.</param>
/// <param name="Protocol">How it was asked and scored, as far as a source that could be read says so.</param>
/// <param name="Source">Where the number stands.</param>
/// <param name="Verified">How far the number was checked.</param>
/// <param name="Check">What it was checked against, or why it was not.</param>
/// <param name="Conflict">Other numbers for the same thing, in words; empty where there is none.</param>
public sealed record StageScore(
    string Step, string After, int? Examples, double Percent, int N, string Setting, string Protocol, string Source, SourceCheck Verified, string Check, string Conflict)
{
    /// <summary>Right answers of <see cref="N"/>; the percentage was rounded, so it may be one off.</summary>
    public Rate Rate => new((int)Math.Round(Percent / 100 * N), N);
}
