using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Two samples of a question that were set against each other.</summary>
/// <param name="ChosenFirst">The verdict where the chosen one stood first; null where none came.</param>
/// <param name="RejectedFirst">The verdict where the rejected one stood first; null where none came.</param>
/// <param name="Reason">Why the pair does not hold; null where it does.</param>
public sealed record PreferenceCandidate(
    Question Question, PreferenceSample Chosen, PreferenceSample Rejected, PreferenceVerdict? ChosenFirst, PreferenceVerdict? RejectedFirst, string? Reason)
{
    /// <summary>Whether both orders were judged.</summary>
    public bool IsJudged => ChosenFirst is not null && RejectedFirst is not null;
}
