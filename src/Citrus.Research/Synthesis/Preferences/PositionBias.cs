namespace Citrus.Research.Synthesis;

/// <summary>How much the pairwise judge goes by the place of an answer. Every pair was judged in both orders, so that a judge who does not is known: it names the same answer twice.</summary>
public sealed record PositionBias
{
    /// <summary>Pairs judged in both orders.</summary>
    public required int Pairs { get; init; }

    /// <summary>Of those, pairs with a tie in an order.</summary>
    public required int Ties { get; init; }

    /// <summary>Verdicts for the first place, of all verdicts but ties. A half without bias; as the two verdicts of a pair are no independent draws, the interval is wider than need be.</summary>
    public required ShareWithInterval FirstPreferred { get; init; }

    /// <summary>Pairs in which the first place won twice: what a judge does that says "the first" with this probability whatever is there.</summary>
    public required ShareWithInterval TowardFirst { get; init; }

    /// <summary>Pairs in which the second place won twice.</summary>
    public required ShareWithInterval TowardSecond { get; init; }

    /// <summary>Pairs whose order decides: the sum of the two.</summary>
    public required ShareWithInterval OrderDecides { get; init; }

    public static PositionBias Of(IEnumerable<PreferenceCandidate> candidates)
    {
        var judged = candidates.Where(c => c.IsJudged).Select(c => (A: c.ChosenFirst!.Better, B: c.RejectedFirst!.Better)).ToList();
        var verdicts = judged.SelectMany(j => (int[])[j.A, j.B]).Where(b => b != 0).ToList();
        var (first, second) = (judged.Count(j => j is (1, 1)), judged.Count(j => j is (2, 2)));
        return new PositionBias
        {
            Pairs = judged.Count,
            Ties = judged.Count(j => j.A == 0 || j.B == 0),
            FirstPreferred = ShareWithInterval.Of(verdicts.Count(b => b == 1), verdicts.Count),
            TowardFirst = ShareWithInterval.Of(first, judged.Count),
            TowardSecond = ShareWithInterval.Of(second, judged.Count),
            OrderDecides = ShareWithInterval.Of(first + second, judged.Count),
        };
    }
}
