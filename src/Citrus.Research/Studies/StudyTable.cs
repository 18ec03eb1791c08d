using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Pathways;

namespace Citrus.Research.Studies;

/// <summary>Scores as lines of a table, each student alone and pooled over seeds.</summary>
internal static class StudyTable
{
    public static IReadOnlyList<StudyRow> Of(StudyPlan plan, IReadOnlyList<(StudyCell Cell, ScoreResult Score, LikelihoodResult Likelihood)> scores)
    {
        var rows = new List<StudyRow>();
        foreach (var same in scores.GroupBy(s => s.Cell with { Seed = 0 }))
        {
            foreach (var (cell, score, likelihood) in same) rows.AddRange(score.Groups.Select(g => Row(plan, cell, score, g, Likeliest(likelihood, score.Members.GetValueOrDefault(g.Group)))));
            if (same.Count() == 1) continue;
            foreach (var group in same.First().Score.Groups.Select(g => g.Group))
                rows.Add(Pool([.. rows.Where(r => r.Group == group && r.Seed is not null && Same(r, plan, same.Key))]));
        }

        return rows;
    }

    private static bool Same(StudyRow row, StudyPlan plan, StudyCell cell) =>
        row.Arm == cell.Arm.Name && row.Size == cell.Size && row.Budget == cell.Budget.ToString() && row.Stage == cell.Stage.ToString() && row.Study == plan.Name;

    private static StudyRow Row(StudyPlan plan, StudyCell cell, ScoreResult score, ScoreGroup group, int likeliestRight)
    {
        var letter = Wilson.Of(group.Letter, group.Questions);
        var named = Wilson.Of(group.Named, group.Questions);
        var likeliest = Wilson.Of(likeliestRight, group.Questions);
        var overall = group.Group == "overall";
        var corrections = overall && cell.Arm.Pathway == PathwayNames.DualExpert ? score.Corrections : null;
        return new StudyRow(
            plan.Name, plan.Scale, plan.World.Split(':')[0], plan.Split, cell.Budget.ToString(), cell.Stage.ToString(), cell.Arm.Name, cell.Size, cell.Seed, group.Group, group.Questions,
            Share(group.Letter, group.Questions), letter.Low, letter.High,
            Share(group.Named, group.Questions), named.Low, named.High,
            Share(likeliestRight, group.Questions), likeliest.Low, likeliest.High,
            Share(group.Answered, group.Questions), group.Ceiling, 1.0 / plan.Exam.OptionCount,
            score.Parameters, score.NonEmbeddingParameters, score.TrainingExamples, score.TrainingTokens, score.OutputTokens,
            overall ? score.Faithfulness.Fraction : null,
            corrections?.Retracted, corrections?.Caught, corrections?.Repaired, corrections?.Missed);
    }

    private static StudyRow Pool(IReadOnlyList<StudyRow> seeds)
    {
        (double Mean, double Low, double High) Over(Func<StudyRow, double> value)
        {
            var values = seeds.Select(value).ToList();
            var over = SeedMean.Of(values);
            // The scored questions are a sample too: never narrower than one student's interval at the mean.
            var one = Wilson.Of((int)Math.Round(over.Mean * seeds[0].Questions), seeds[0].Questions);
            return (over.Mean, Math.Max(0, Math.Min(over.Interval?.Low ?? 1, one.Low)), Math.Min(1, Math.Max(over.Interval?.High ?? 0, one.High)));
        }

        int? Sum(Func<StudyRow, int?> value) => value(seeds[0]) is null ? null : seeds.Sum(r => value(r) ?? 0);

        var letter = Over(r => r.Letter);
        var named = Over(r => r.Named);
        var likelihood = Over(r => r.Likelihood);
        return seeds[0] with
        {
            Seed = null,
            Letter = letter.Mean,
            LetterLow = letter.Low,
            LetterHigh = letter.High,
            Named = named.Mean,
            NamedLow = named.Low,
            NamedHigh = named.High,
            Likelihood = likelihood.Mean,
            LikelihoodLow = likelihood.Low,
            LikelihoodHigh = likelihood.High,
            Answered = seeds.Average(r => r.Answered),
            TrainingExamples = (long)Math.Round(seeds.Average(r => r.TrainingExamples)),
            TrainingTokens = (long)Math.Round(seeds.Average(r => r.TrainingTokens)),
            OutputTokens = seeds.Average(r => r.OutputTokens),
            Faithful = seeds[0].Faithful is null ? null : seeds.Average(r => r.Faithful ?? 0),
            Retracted = Sum(r => r.Retracted),
            Caught = Sum(r => r.Caught),
            Repaired = Sum(r => r.Repaired),
            Missed = Sum(r => r.Missed),
        };
    }

    /// <param name="members">Null for all questions.</param>
    private static int Likeliest(LikelihoodResult likelihood, string? members) => likelihood.Right.Where((c, i) => c == '1' && (members is null || members[i] == '1')).Count();

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
