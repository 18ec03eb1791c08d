namespace Citrus.Research.Evaluation.Statistics;

/// <summary>
/// Two shares of right answers of which nobody kept who was right where, such as two published accuracies. The answers are taken as independent, though both
/// models mostly read the same questions and miss the same hard ones: the truth of such a pair is narrower. Where single answers exist use <see cref="McNemar"/> and <see cref="PairedBootstrap"/>.
/// </summary>
public static class IndependentDifference
{
    /// <summary>First share minus second, with the square-and-add interval of two Wilson intervals (Newcombe 1998, Statistics in Medicine 17: 873-890, method 10) and the two-sided p of the pooled z test.</summary>
    /// <param name="first">Right answers of the first, 0 to <paramref name="firstN"/>.</param>
    /// <param name="firstN">Questions that the first answered; at least 1.</param>
    /// <param name="second">Right answers of the second.</param>
    /// <param name="secondN">Questions that the second answered.</param>
    /// <param name="confidence">Between 0 and 1, e.g. 0.95.</param>
    public static Difference Of(int first, int firstN, int second, int secondN, double confidence = 0.95)
    {
        var (a, b) = (Wilson.Of(first, firstN, confidence), Wilson.Of(second, secondN, confidence));
        var (p, q) = ((double)first / firstN, (double)second / secondN);
        var pooled = (first + second) / ((double)firstN + secondN);
        var error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / firstN) + (1.0 / secondN)));
        return new Difference(p - q,
            new Interval(p - q - Root(p - a.Low, b.High - q), p - q + Root(a.High - p, q - b.Low)),
            error == 0 ? 1 : Math.Min(1, 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -Math.Abs(p - q) / error)));
    }

    private static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
