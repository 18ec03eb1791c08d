using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Studies;

/// <summary>Paired comparisons within a study.</summary>
public static class StudyComparison
{
    /// <summary>Resamples of each comparison: enough that Holm's correction over a study's comparisons can still tell.</summary>
    private const int Resamples = 20_000;

    /// <summary>How the comparisons are made, for the manifest; a change makes them anew.</summary>
    public static string Method { get; } = FormattableString.Invariant($"pigeonhole bootstrap over seeds and questions, {Resamples} resamples, t over seeds, Holm over the study's comparisons of a group");

    /// <summary>
    /// Every pair of arms of the same size, budget and stage; and, where a study has several stages, every pair of stages of the same arm (of a ladder its rungs, <see cref="LadderRecipe.Rungs"/>); on all questions and on each group.
    /// Students that two budgets share are compared once.
    /// </summary>
    public static IReadOnlyList<ComparisonRow> Of(Study study)
    {
        var runs = study.Cells.GroupBy(c => c with { Seed = 0 }).Select(g => (Cell: g.Key, Scores: g.OrderBy(c => c.Seed).Select(c => (Id: study.ScoreId(c), Result: study.Score(c))).ToList())).ToList();
        var pairs = (from i in Enumerable.Range(0, runs.Count)
                     from j in Enumerable.Range(i + 1, runs.Count - i - 1)
                     let arms = runs[j].Cell with { Arm = runs[i].Cell.Arm } == runs[i].Cell
                     where !LadderRecipe.Holds(runs[i].Cell.Stage) || LadderRecipe.Rungs.Contains((runs[j].Cell.Stage, runs[i].Cell.Stage))
                     where arms || runs[j].Cell with { Stage = runs[i].Cell.Stage } == runs[i].Cell
                     from @group in runs[i].Scores[0].Result.Groups.Select(g => g.Group)
                     select (First: runs[j], Second: runs[i], Arms: arms, Group: @group))
            .DistinctBy(p => string.Join(' ', p.First.Scores.Concat(p.Second.Scores).Select(s => s.Id.ToString()).Append(p.Group))).ToList();
        var rows = new ComparisonRow[pairs.Count];
        Parallel.For(0, pairs.Count, n =>
        {
            var ((a, first), (b, second), arms, group) = pairs[n];
            var members = first[0].Result.Members.GetValueOrDefault(group);
            List<bool[]> BitsOf(List<(StepId Id, ScoreResult Result)> scores) => [.. scores.Select(s => Bits(s.Result.Letter).Where((_, i) => members is null || members[i] == '1').ToArray())];
            var (left, right) = (BitsOf(first), BitsOf(second));
            var result = SeededComparison.Of(left, right, resamples: Resamples);
            rows[n] = new ComparisonRow(
                a.Budget.ToString(), arms ? a.Stage.ToString() : "between", a.Size, group, arms ? a.Arm.Name : $"{a.Arm.Name} {a.Stage}", arms ? b.Arm.Name : $"{b.Arm.Name} {b.Stage}",
                left.Count, left[0].Length, result.Difference.Mean, result.Difference.Interval.Low, result.Difference.Interval.High,
                result.OverSeeds.Interval?.Low, result.OverSeeds.Interval?.High, result.Difference.PValue, 0, result.OverSeeds.PValue, null);
        });
        foreach (var family in Enumerable.Range(0, rows.Length).GroupBy(n => rows[n].Group))
        {
            var at = family.ToList();
            var adjusted = Holm.Adjust([.. at.Select(n => rows[n].PValue)]);
            var seeds = at.All(n => rows[n].SeedPValue is not null) ? Holm.Adjust([.. at.Select(n => rows[n].SeedPValue!.Value)]) : null;
            for (var k = 0; k < at.Count; k++) rows[at[k]] = rows[at[k]] with { HolmPValue = adjusted[k], SeedHolmPValue = seeds?[k] };
        }

        return rows;
    }

    private static bool[] Bits(string text) => [.. text.Select(c => c == '1')];
}
