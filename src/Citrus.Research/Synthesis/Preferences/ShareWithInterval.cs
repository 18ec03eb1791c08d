using Citrus.Research.Evaluation;

namespace Citrus.Research.Synthesis;

/// <summary>A share with its 95% interval (Wilson).</summary>
/// <param name="Count">How many.</param>
/// <param name="N">Of how many.</param>
/// <param name="Share">0..1; null where there is nothing to count.</param>
/// <param name="Low">Lower bound, 0..1.</param>
/// <param name="High">Upper bound, 0..1.</param>
public sealed record ShareWithInterval(int Count, int N, double? Share, double Low, double High)
{
    public static ShareWithInterval Of(int count, int n)
    {
        var rate = new Rate(count, n);
        return new(count, n, n == 0 ? null : Math.Round(rate.Fraction, 4), Math.Round(rate.Interval.Low, 4), Math.Round(rate.Interval.High, 4));
    }

    /// <summary>E.g. <c>.312 (.250-.381; 61 of 195)</c>.</summary>
    public override string ToString() => N == 0 ? "nothing to count" : FormattableString.Invariant($"{Share:F3} ({Low:F3}-{High:F3}; {Count} of {N})");
}
