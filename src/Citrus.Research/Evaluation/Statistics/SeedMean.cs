namespace Citrus.Research.Evaluation.Statistics;

/// <summary>The mean over training seeds with Student's t interval: what another seed's mean would do, questions held fixed.</summary>
/// <param name="Seeds">How many.</param>
/// <param name="StandardDeviation">Between seeds (n - 1); not a number for one seed.</param>
/// <param name="Interval">Null for one seed, which says nothing about its own spread.</param>
public sealed record SeedMean(int Seeds, double Mean, double StandardDeviation, Interval? Interval)
{
    /// <summary>Two-sided p-value of Student's t against a mean of 0; null for one seed, or where all seeds are equal.</summary>
    public double? PValue => Seeds < 2 || StandardDeviation == 0 ? null : 2 * MathNet.Numerics.Distributions.StudentT.CDF(0, 1, Seeds - 1, -Math.Abs(Mean) / (StandardDeviation / Math.Sqrt(Seeds)));

    /// <param name="values">One accuracy (or difference) per seed; at least one.</param>
    public static SeedMean Of(IReadOnlyList<double> values, double confidence = 0.95)
    {
        if (values.Count == 0) throw new ArgumentException("A mean over seeds needs at least one seed.", nameof(values));
        var mean = values.Average();
        if (values.Count == 1) return new SeedMean(1, mean, double.NaN, null);
        var error = StandardError.Of(values);
        var half = Quantile.StudentT(confidence, values.Count - 1) * error;
        return new SeedMean(values.Count, mean, error * Math.Sqrt(values.Count), new Interval(mean - half, mean + half));
    }
}
