namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Holm's (1979) step-down correction of a family of p-values: the chance of even one false alarm stays below the level.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values in the order given; compare them with the level as they are.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        foreach (var p in pValues)
            if (p is not (>= 0 and <= 1)) throw new ArgumentException($"{p} is no p-value; they lie between 0 and 1.", nameof(pValues));
        var adjusted = new double[pValues.Count];
        var floor = 0.0;
        var left = pValues.Count;
        foreach (var i in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i])) adjusted[i] = floor = Math.Max(floor, Math.Min(1, pValues[i] * left--));
        return adjusted;
    }
}
