namespace Citrus.Research.Figures;

/// <summary>The rows of one place in a figure: the point to draw, and single seeds behind it.</summary>
/// <param name="Main">The pooled row, or the only one.</param>
/// <param name="Singles">Rows of single seeds.</param>
internal sealed record SeedGroup(PathwayRow Main, IReadOnlyList<PathwayRow> Singles)
{
    /// <exception cref="ArgumentException">Several seeds but none or several pooled rows.</exception>
    public static SeedGroup Of(IEnumerable<PathwayRow> rows)
    {
        var pooled = rows.Where(r => r.Seed is null).ToList();
        var singles = rows.Where(r => r.Seed is not null).OrderBy(r => r.Seed).ToList();
        var first = pooled.Concat(singles).First();
        var where = $"{first.Budget}, {first.Arm}, {first.Size}, {first.Kind}";
        if (pooled.Count > 1 || singles.Select(s => s.Seed).Distinct().Count() != singles.Count) throw new ArgumentException($"Rows stand twice for {where}.");
        if (pooled.Count == 0 && singles.Count > 1)
            throw new ArgumentException($"{where} has {singles.Count} seeds and no row that pools them (Seed = null), whose interval only the evaluation can know.");
        if (first is not { Low: var low, High: var high, Accuracy: var accuracy } || !(low <= accuracy + 1e-9 && accuracy <= high + 1e-9 && low >= 0 && high <= 1))
            throw new ArgumentException($"{where}: accuracy {first.Accuracy} and interval [{first.Low}, {first.High}] must be fractions in order.");
        return new SeedGroup(first, singles);
    }
}
