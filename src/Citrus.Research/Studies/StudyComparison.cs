using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Studies;

/// <summary>Paired comparisons within a study.</summary>
public static class StudyComparison
{
    /// <summary>Every pair of arms of the same size, budget and stage; and, where a study has several stages, every pair of stages of the same arm.</summary>
    public static IReadOnlyList<ComparisonRow> Of(Study study)
    {
        var runs = study.Cells.GroupBy(c => c with { Seed = 0 }).Select(g => (Cell: g.Key, Bits: g.OrderBy(c => c.Seed).Select(c => Bits(study.Score(c).Letter)).ToList())).ToList();
        var rows = new List<ComparisonRow>();
        for (var i = 0; i < runs.Count; i++)
        {
            for (var j = i + 1; j < runs.Count; j++)
            {
                var (a, b) = (runs[j].Cell, runs[i].Cell);
                var arms = a with { Arm = b.Arm } == b;
                if (!arms && a with { Stage = b.Stage } != b) continue;
                var result = SeededComparison.Of(runs[j].Bits, runs[i].Bits, resamples: 2000);
                rows.Add(new ComparisonRow(
                    a.Budget.ToString(), arms ? a.Stage.ToString() : "between", a.Size, arms ? a.Arm.Name : $"{a.Arm.Name} {a.Stage}", arms ? b.Arm.Name : $"{b.Arm.Name} {b.Stage}",
                    runs[i].Bits.Count, runs[i].Bits[0].Length, result.Difference.Mean, result.Difference.Interval.Low, result.Difference.Interval.High,
                    result.OverSeeds.Interval?.Low, result.OverSeeds.Interval?.High, result.Difference.PValue, 0));
            }
        }

        var adjusted = Holm.Adjust([.. rows.Select(r => r.PValue)]);
        return [.. rows.Select((r, i) => r with { HolmPValue = adjusted[i] })];
    }

    private static bool[] Bits(string text) => [.. text.Select(c => c == '1')];
}
