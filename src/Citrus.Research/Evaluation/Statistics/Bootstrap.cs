namespace Citrus.Research.Evaluation.Statistics;

internal static class Bootstrap
{
    /// <summary>Percentile interval, and twice the smaller share of resamples on either side of zero, the observed one counted in (Davison and Hinkley 1997, section 4.2.1).</summary>
    public static Difference Summarise(double mean, int resamples, double confidence, Func<double> resample)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence lies between 0 and 1, e.g. 0.95.");
        var means = new double[resamples];
        for (var r = 0; r < resamples; r++) means[r] = resample();
        Array.Sort(means);
        var tail = (1 - confidence) / 2;
        const double Zero = 1e-12;
        var side = Math.Min(means.Count(m => m <= Zero), means.Count(m => m >= -Zero));
        return new Difference(mean, new Interval(Paired.SortedQuantile(means, tail), Paired.SortedQuantile(means, 1 - tail)), Math.Min(1, 2.0 * (side + 1) / (resamples + 1)));
    }
}
