using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Synthesis;

/// <summary>How far the judges agree with each other and with the truth.</summary>
public sealed record JudgeAgreement
{
    /// <summary>Pairs on which the pairwise judge, of one mind in both orders, prefers the one of higher score.</summary>
    public required ShareWithInterval PairwiseWithScores { get; init; }

    /// <summary>Samples of known option on which "score at or above the bound" and "option is right" agree.</summary>
    public required ShareWithInterval ScoresWithTruth { get; init; }

    /// <summary>Cohen's kappa of the same two; null where it does not exist, e.g. where all samples are right.</summary>
    public required double? Kappa { get; init; }

    /// <summary>Samples of good score and right option.</summary>
    public required int GoodAndRight { get; init; }

    /// <summary>Samples of good score and wrong option.</summary>
    public required int GoodAndWrong { get; init; }

    /// <summary>Samples of bad score and right option.</summary>
    public required int BadAndRight { get; init; }

    /// <summary>Samples of bad score and wrong option.</summary>
    public required int BadAndWrong { get; init; }

    /// <param name="samples">All scored samples, those that the filters left out included.</param>
    public static JudgeAgreement Of(IEnumerable<PreferenceSample> samples, IEnumerable<PreferenceCandidate> candidates, double minimumScore)
    {
        var ofOneMind = candidates.Where(c => c.IsJudged && c.ChosenFirst!.Better != 0 && c.RejectedFirst!.Better != 0 && c.ChosenFirst.Better != c.RejectedFirst.Better).ToList();
        var counts = samples.Where(s => s.Right is not null).CountBy(s => (Good: s.Score >= minimumScore, Right: s.Right!.Value)).ToDictionary();
        int Count(bool good, bool right) => counts.GetValueOrDefault((good, right));
        var (both, onlyGood, onlyRight, neither) = (Count(true, true), Count(true, false), Count(false, true), Count(false, false));
        var kappa = CohenKappa.Of(both, onlyGood, onlyRight, neither);
        return new JudgeAgreement
        {
            PairwiseWithScores = ShareWithInterval.Of(ofOneMind.Count(c => c.ChosenFirst!.ForChosen), ofOneMind.Count),
            ScoresWithTruth = ShareWithInterval.Of(both + neither, both + onlyGood + onlyRight + neither),
            Kappa = double.IsNaN(kappa) ? null : Math.Round(kappa, 4),
            GoodAndRight = both,
            GoodAndWrong = onlyGood,
            BadAndRight = onlyRight,
            BadAndWrong = neither,
        };
    }
}
