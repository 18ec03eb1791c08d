using Citrus.Research.Evaluation;

namespace Citrus.Research.Studies;

/// <summary>Scores as lines of a table, each student alone and pooled over seeds.</summary>
internal static class StudyTable
{
    public static IReadOnlyList<StudyRow> Of(StudyPlan plan, IReadOnlyList<(StudyCell Cell, ScoreResult Score)> scores)
    {
        var rows = new List<StudyRow>();
        foreach (var same in scores.GroupBy(s => s.Cell with { Seed = 0 }))
        {
            foreach (var (cell, score) in same) rows.AddRange(score.Groups.Select(g => Row(plan, cell, score, g)));
            if (same.Count() == 1) continue;
            foreach (var group in same.First().Score.Groups.Select(g => g.Group))
                rows.Add(Pool([.. rows.Where(r => r.Group == group && r.Seed is not null && Same(r, plan, same.Key))]));
        }

        return rows;
    }

    private static bool Same(StudyRow row, StudyPlan plan, StudyCell cell) =>
        row.Arm == cell.Arm.Name && row.Size == cell.Size && row.Budget == cell.Budget.ToString() && row.Stage == cell.Stage.ToString() && row.Study == plan.Name;

    private static StudyRow Row(StudyPlan plan, StudyCell cell, ScoreResult score, ScoreGroup group)
    {
        var letter = Wilson.Interval(group.Letter, group.Questions);
        var named = Wilson.Interval(group.Named, group.Questions);
        var overall = group.Group == "overall";
        var checks = overall && score.Checks.Checked > 0 ? score.Checks : null;
        return new StudyRow(
            plan.Name, plan.Scale, plan.World.Split(':')[0], plan.Split, cell.Budget.ToString(), cell.Stage.ToString(), cell.Arm.Name, cell.Size, cell.Seed, group.Group, group.Questions,
            Share(group.Letter, group.Questions), letter.Low, letter.High,
            Share(group.Named, group.Questions), named.Low, named.High,
            Share(group.Answered, group.Questions), group.Ceiling, 1.0 / plan.Exam.OptionCount,
            score.Parameters, score.NonEmbeddingParameters, score.TrainingExamples, score.TrainingTokens, score.OutputTokens,
            overall && score.Claims > 0 ? (double)score.TrueClaims / score.Claims : null,
            checks?.Checked, checks?.FirstWrong, checks?.Caught, checks?.Repaired, checks?.FalseAlarms);
    }

    private static StudyRow Pool(IReadOnlyList<StudyRow> seeds)
    {
        (double Mean, double Low, double High) Over(Func<StudyRow, double> value)
        {
            var values = seeds.Select(value).ToList();
            var t = MeanInterval.StudentT(values);
            // The scored questions are a sample too: never narrower than one student's interval at the mean.
            var one = Wilson.Interval((int)Math.Round(t.Mean * seeds[0].Questions), seeds[0].Questions);
            return (t.Mean, Math.Max(0, Math.Min(t.Low, one.Low)), Math.Min(1, Math.Max(t.High, one.High)));
        }

        var letter = Over(r => r.Letter);
        var named = Over(r => r.Named);
        return seeds[0] with
        {
            Seed = null,
            Letter = letter.Mean,
            LetterLow = letter.Low,
            LetterHigh = letter.High,
            Named = named.Mean,
            NamedLow = named.Low,
            NamedHigh = named.High,
            Answered = seeds.Average(r => r.Answered),
            TrainingExamples = (long)Math.Round(seeds.Average(r => r.TrainingExamples)),
            TrainingTokens = (long)Math.Round(seeds.Average(r => r.TrainingTokens)),
            OutputTokens = seeds.Average(r => r.OutputTokens),
            Faithful = seeds[0].Faithful is null ? null : seeds.Average(r => r.Faithful ?? 0),
            Checked = seeds[0].Checked is null ? null : seeds.Sum(r => r.Checked ?? 0),
            FirstWrong = seeds[0].FirstWrong is null ? null : seeds.Sum(r => r.FirstWrong ?? 0),
            Caught = seeds[0].Caught is null ? null : seeds.Sum(r => r.Caught ?? 0),
            Repaired = seeds[0].Repaired is null ? null : seeds.Sum(r => r.Repaired ?? 0),
            FalseAlarms = seeds[0].FalseAlarms is null ? null : seeds.Sum(r => r.FalseAlarms ?? 0),
        };
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
