using MathNet.Numerics.Distributions;

namespace Citrus.Research.Evaluation.Statistics;

/// <summary>The exact test of two arms on the same questions (McNemar 1947): only questions where exactly one arm is right count.</summary>
/// <param name="OnlyFirst">Questions that only the first arm got right.</param>
/// <param name="OnlySecond">Questions that only the second arm got right.</param>
/// <param name="PValue">Two-sided: the probability, were both arms equally good, of a split at least as uneven.</param>
public sealed record McNemar(int OnlyFirst, int OnlySecond, double PValue)
{
    /// <summary>Of the two counts of discordant questions.</summary>
    public static McNemar Of(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        var n = onlyFirst + onlySecond;
        return new McNemar(onlyFirst, onlySecond, n == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, n, Math.Min(onlyFirst, onlySecond))));
    }

    /// <summary>Of right and wrong per question, the same questions in the same order.</summary>
    public static McNemar Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        Paired.Check(first.Count, second.Count);
        return Of(first.Where((right, i) => right && !second[i]).Count(), second.Where((right, i) => right && !first[i]).Count());
    }
}
