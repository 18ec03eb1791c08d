using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Studies;

/// <summary>Paired comparisons within a study.</summary>
public static class StudyComparison
{
    /// <summary>Resamples of each comparison: enough that Holm's correction over a study's comparisons can still tell.</summary>
    private const int Resamples = 20_000;

    /// <summary>How the comparisons are made, for the manifest; a change makes them anew.</summary>
    public static string Method { get; } = FormattableString.Invariant($"pigeonhole bootstrap over seeds and questions, {Resamples} resamples, Holm over the study");

    /// <summary>Every pair of arms of the same size, budget and stage; and, where a study has several stages, every pair of stages of the same arm.</summary>
    public static IReadOnlyList<ComparisonRow> Of(Study study)
    {
        var runs = study.Cells.GroupBy(c => c with { Seed = 0 }).Select(g => (Cell: g.Key, Bits: g.OrderBy(c => c.Seed).Select(c => Bits(study.Score(c).Letter)).ToList())).ToList();
        var pairs = (from i in Enumerable.Range(0, runs.Count)
                     from j in Enumerable.Range(i + 1, runs.Count - i - 1)
                     let arms = runs[j].Cell with { Arm = runs[i].Cell.Arm } == runs[i].Cell
                     where arms || runs[j].Cell with { Stage = runs[i].Cell.Stage } == runs[i].Cell
                     select (First: runs[j], Second: runs[i], Arms: arms)).ToList();
        var rows = new ComparisonRow[pairs.Count];
        Parallel.For(0, pairs.Count, n =>
        {
            var ((a, first), (b, second), arms) = pairs[n];
            var result = SeededComparison.Of(first, second, resamples: Resamples);
            rows[n] = new ComparisonRow(
                a.Budget.ToString(), arms ? a.Stage.ToString() : "between", a.Size, arms ? a.Arm.Name : $"{a.Arm.Name} {a.Stage}", arms ? b.Arm.Name : $"{b.Arm.Name} {b.Stage}",
                first.Count, first[0].Length, result.Difference.Mean, result.Difference.Interval.Low, result.Difference.Interval.High,
                result.OverSeeds.Interval?.Low, result.OverSeeds.Interval?.High, result.Difference.PValue, 0);
        });
        var adjusted = Holm.Adjust([.. rows.Select(r => r.PValue)]);
        return [.. rows.Select((r, i) => r with { HolmPValue = adjusted[i] })];
    }

    private static bool[] Bits(string text) => [.. text.Select(c => c == '1')];
}
