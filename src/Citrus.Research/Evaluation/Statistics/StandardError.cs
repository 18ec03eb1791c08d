namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Standard errors of a mean over questions (Miller 2024, arXiv 2411.00640).</summary>
public static class StandardError
{
    /// <summary>Of independent questions: the root of the sample variance over n (n - 1 in the variance).</summary>
    /// <param name="values">At least 2.</param>
    public static double Of(IReadOnlyList<double> values)
    {
        if (values.Count < 2) throw new ArgumentException("A standard error needs at least two values.", nameof(values));
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1.0) / values.Count);
    }

    /// <summary>
    /// Of questions that come in clusters (several about one case): the root of the sum over clusters of the squared sum of deviations,
    /// over n (Miller 2024, section 2.2; Liang and Zeger 1986, without small-sample correction).
    /// </summary>
    /// <param name="clusters">The cluster of each value; with one value a cluster this is the plain error without its n - 1.</param>
    public static double Clustered(IReadOnlyList<double> values, IReadOnlyList<string> clusters)
    {
        if (values.Count != clusters.Count) throw new ArgumentException($"Each value has a cluster; there are {values.Count} values and {clusters.Count} clusters.");
        if (values.Count == 0) throw new ArgumentException("A standard error needs values.", nameof(values));
        var mean = values.Average();
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < values.Count; i++) sums[clusters[i]] = sums.GetValueOrDefault(clusters[i]) + values[i] - mean;
        return Math.Sqrt(sums.Values.Sum(s => s * s)) / values.Count;
    }
}
