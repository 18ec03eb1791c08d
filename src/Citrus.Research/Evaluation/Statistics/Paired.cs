namespace Citrus.Research.Evaluation.Statistics;

internal static class Paired
{
    public static void Check(int first, int second)
    {
        if (first != second) throw new ArgumentException($"A paired comparison needs the same questions in both arms; one has {first}, the other {second}.");
        if (first == 0) throw new ArgumentException("A comparison needs at least one question.");
    }

    /// <summary>The quantile of sorted values with linear interpolation (R's type 7).</summary>
    public static double SortedQuantile(double[] sorted, double p)
    {
        var at = p * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
