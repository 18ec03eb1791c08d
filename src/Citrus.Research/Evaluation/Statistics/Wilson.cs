namespace Citrus.Research.Evaluation.Statistics;

/// <summary>The score interval of a proportion (Wilson 1927), which Newcombe (Statistics in Medicine 1998; 17: 857-872) found sound at any n.</summary>
public static class Wilson
{
    /// <param name="successes">0 to <paramref name="n"/>.</param>
    /// <param name="n">At least 1.</param>
    /// <param name="confidence">Between 0 and 1, e.g. 0.95.</param>
    /// <returns>A fraction's interval within 0..1; no continuity correction.</returns>
    public static Interval Of(int successes, int n, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, n);
        var z = Quantile.Normal(confidence);
        var p = (double)successes / n;
        var z2 = z * z;
        var middle = p + (z2 / (2 * n));
        var half = z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n)));
        var scale = 1 + (z2 / n);
        // at the ends the bound is exactly 0 or 1; rounding must not say otherwise
        return new Interval(successes == 0 ? 0 : Math.Max(0, (middle - half) / scale), successes == n ? 1 : Math.Min(1, (middle + half) / scale));
    }
}
