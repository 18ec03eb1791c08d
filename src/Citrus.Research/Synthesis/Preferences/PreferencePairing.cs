using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Which samples of a question are set against each other, and which of those pairs hold.</summary>
/// <remarks>The original authors' rule: the best sample from <see cref="PreferenceRunOptions.MinimumScore"/> on against up to five of the worst below it; a pair holds where the pairwise judge, asked in both orders, and both scores agree.</remarks>
public static class PreferencePairing
{
    public const string NoVerdict = "no verdict";
    public const string Tie = "judge sees a tie";
    public const string OrderDecides = "order decides";
    public const string JudgeDisagrees = "judge prefers the rejected one";
    public const string ScoresDisagree = "scores do not agree";
    public const string ChosenWrong = "chosen option is wrong";
    public const string RejectedBetter = "rejected option is the better";

    /// <summary>Every reason for which a candidate does not hold, in the order in which they are looked for.</summary>
    public static IReadOnlyList<string> All { get; } = [ScoresDisagree, ChosenWrong, RejectedBetter, NoVerdict, OrderDecides, Tie, JudgeDisagrees];

    /// <summary>Sorts a question's samples out and picks the candidates.</summary>
    /// <param name="samples">All of one question.</param>
    public static PreferenceSelection Select(Question question, IEnumerable<PreferenceSample> samples, PreferenceRunOptions options)
    {
        var kept = new List<PreferenceSample>();
        var rejected = new List<(PreferenceSample, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sample in samples.OrderBy(s => s.Sample))
        {
            var reason = PreferenceFilters.Refuses(question, sample.Text, sample.CutOff, options.MinimumThought) ?? (seen.Add(sample.Text.Trim()) ? null : PreferenceFilters.Duplicate);
            if (reason is null) kept.Add(sample);
            else rejected.Add((sample, reason));
        }

        // Of equal scores the one whose option is right, then the earlier one: the same samples always give the same pairs.
        var best = kept.Where(s => s.Score >= options.MinimumScore).OrderByDescending(s => s.Score).ThenByDescending(s => s.Right == true).ThenBy(s => s.Sample).FirstOrDefault();
        var worst = best is null ? [] : kept.Where(s => s.Score < options.MinimumScore).OrderBy(s => s.Score).ThenBy(s => s.Right == true).ThenBy(s => s.Sample).Take(options.Worst).ToList();
        return new PreferenceSelection(question, kept, rejected, best, worst);
    }

    /// <summary>Why a candidate does not hold; null where it does.</summary>
    /// <param name="chosenFirst">The verdict on the order chosen, rejected; null where none came.</param>
    /// <param name="rejectedFirst">The verdict on the other order.</param>
    public static string? Refuses(PreferenceSample chosen, PreferenceSample rejected, PreferenceVerdict? chosenFirst, PreferenceVerdict? rejectedFirst, double minimumScore) =>
        chosen.Score < minimumScore || rejected.Score >= minimumScore ? ScoresDisagree
        : chosen.Right == false ? ChosenWrong
        : rejected.Right == true && chosen.Right != true ? RejectedBetter
        : chosenFirst is null || rejectedFirst is null ? NoVerdict
        : chosenFirst.Better == 0 || rejectedFirst.Better == 0 ? Tie
        : chosenFirst.Better == rejectedFirst.Better ? OrderDecides
        : !chosenFirst.ForChosen ? JudgeDisagrees
        : null;
}
