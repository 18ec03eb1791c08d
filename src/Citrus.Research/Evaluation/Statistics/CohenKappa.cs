namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Agreement of two judges beyond chance (Cohen, Educational and Psychological Measurement 1960; 20: 37-46).</summary>
public static class CohenKappa
{
    /// <param name="bothYes">How often both say yes.</param>
    /// <param name="onlyFirst">How often only the first does.</param>
    /// <param name="onlySecond">How often only the second does.</param>
    /// <param name="bothNo">How often neither does.</param>
    /// <returns>1 for perfect agreement, 0 for what chance gives, below 0 for less; not a number where chance alone would agree always, or nothing was judged.</returns>
    public static double Of(int bothYes, int onlyFirst, int onlySecond, int bothNo)
    {
        foreach (var count in (ReadOnlySpan<int>)[bothYes, onlyFirst, onlySecond, bothNo]) ArgumentOutOfRangeException.ThrowIfNegative(count);
        double n = (double)bothYes + onlyFirst + onlySecond + bothNo;
        if (n == 0) return double.NaN;
        var (first, second) = ((bothYes + onlyFirst) / n, (bothYes + onlySecond) / n);
        var chance = (first * second) + ((1 - first) * (1 - second));
        return chance == 1 ? double.NaN : (((bothYes + bothNo) / n) - chance) / (1 - chance);
    }

    /// <summary>The same for judgements of any number of categories, such as the options that two models chose.</summary>
    /// <param name="first">The first judge's category of each thing; compared as they are written.</param>
    /// <param name="second">The second's, of the same things in the same order.</param>
    public static double Of(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        Paired.Check(first.Count, second.Count);
        double n = first.Count;
        var agreed = first.Where((category, i) => category == second[i]).Count() / n;
        var shares = second.GroupBy(c => c, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count() / n, StringComparer.Ordinal);
        var chance = first.GroupBy(c => c, StringComparer.Ordinal).Sum(g => g.Count() / n * shares.GetValueOrDefault(g.Key));
        return chance == 1 ? double.NaN : (agreed - chance) / (1 - chance);
    }
}
