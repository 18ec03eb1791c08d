using System.Globalization;

namespace Citrus.Research.Evaluation;

/// <summary>A comparison in words: what can be concluded, what cannot, and how small a difference the questions could have shown.</summary>
public static class RunComparisonText
{
    /// <summary>One paragraph a pair, in the pairs' order, then what holds for all.</summary>
    public static IReadOnlyList<string> Of(RunComparison comparison) =>
        [.. comparison.Pairs.Select(p => Pair(p, comparison)), Scope(comparison)];

    private static string Pair(RunPair p, RunComparison comparison)
    {
        var options = comparison.Options;
        var family = comparison.Pairs.Count > 1 ? $", {P(p.HolmPValue)} after Holm's correction over {comparison.Pairs.Count} pairs" : "";
        var test = p.Clusters < p.Questions ? $"clustered bootstrap {P(p.PValue)}" : $"exact McNemar {P(p.PValue)}";
        var numbers = $"{Signed(p.Difference.Mean)} points [{Signed(p.Difference.Interval.Low)}, {Signed(p.Difference.Interval.High)}]; only {p.First} got {N(p.McNemar.OnlyFirst)}, only {p.Second} {N(p.McNemar.OnlySecond)}; {test}{family}";
        var samples = p.Samples is { } s ? $" Single samples, averaged within each question, differ by {Signed(s.Mean)} points [{Signed(s.Interval.Low)}, {Signed(s.Interval.High)}]." : "";
        if (p.Detectable is not { } detectable) return $"{p.First} and {p.Second} are right on the same {N(p.Questions)} questions. That is no proof that they are equal: on other questions they may part.{samples}";
        if (p.HolmPValue < options.Level)
        {
            var (better, worse) = p.Difference.Mean > 0 ? (p.First, p.Second) : (p.Second, p.First);
            return $"{better} is better than {worse} on these {N(p.Questions)} questions: {p.First} − {p.Second} = {numbers}.{(p.SameProtocol ? "" : " Their protocols differ, so this is not a difference of models alone.")}{samples}";
        }

        var (low, high) = (p.Difference.Interval.Low, p.Difference.Interval.High);
        var compatible = low < 0 && high > 0 ? $"A true difference of up to {Points(high)} points for {p.First} or {Points(low)} for {p.Second} fits these answers"
            : $"The interval alone would leave out no difference at all, but the test {(comparison.Pairs.Count > 1 ? "after correction " : "")}does not";
        return $"It cannot be concluded that {p.First} and {p.Second} differ, nor that they are equal: {p.First} − {p.Second} = {numbers}. {compatible}. "
            + $"With {N(p.Questions)} questions{(p.Clusters < p.Questions ? $" in {N(p.Clusters)} clusters" : "")}, of which {(100 * p.Discordant).ToString("0.0", CultureInfo.InvariantCulture)}% are decided differently, "
            + $"a true difference below {Points(detectable)} points is missed in more than {(100 * (1 - options.Power)).ToString("0", CultureInfo.InvariantCulture)} of 100 such comparisons.{samples}";
    }

    private static string Scope(RunComparison comparison) =>
        $"All of this is about {N(comparison.Common.Count)} common questions, asked this way, and takes them as drawn from a larger set of their kind"
        + (comparison.Runs.Any(r => r.SampleMeans is not null) ? "." : ". A model that samples its answers would give some of them differently the next time, which one sample a question cannot show.");

    private static string Points(double fraction) => Math.Abs(100 * fraction).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Signed(double fraction) => (100 * fraction).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);

    private static string P(double p) => p < 0.0001 ? "p < 0.0001" : $"p = {p.ToString(p < 0.001 ? "0.0000" : "0.000", CultureInfo.InvariantCulture)}";

    private static string N(int n) => n.ToString("N0", CultureInfo.InvariantCulture);
}
