using System.Globalization;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>The figures of the shipped studies, from their tables.</summary>
public static class StudyFigures
{
    private const string Overall = "overall";

    /// <summary>The figure of a study by its name; null for a study without one.</summary>
    /// <param name="comparisons">The study's paired comparisons: the titles' findings rest on them, and the figure of stages and data draws them.</param>
    /// <exception cref="ArgumentException">The table is empty.</exception>
    public static Figure? Of(IReadOnlyList<StudyRow> rows, IReadOnlyList<PublishedRow>? published = null, IReadOnlyList<ComparisonRow>? comparisons = null) => Study(rows) switch
    {
        StudyScales.Pathways or StudyScales.DdxPlus => Pathways(rows, comparisons),
        StudyScales.Scaling => Scaling(rows, published, comparisons),
        StudyScales.Stages => Stages(rows, comparisons),
        StudyScales.StagesAndData when comparisons is not null => StagesAndData(rows, comparisons),
        _ => null,
    };

    /// <summary>Accuracy by arm, kind of question and size; a panel row for each budget.</summary>
    /// <param name="comparisons">What the title's finding rests on; without them it only lists accuracies.</param>
    public static Figure Pathways(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow>? comparisons = null)
    {
        var kinds = rows.Where(r => r.Group is not (StudentExam.Seen or StudentExam.Unseen)).ToList();
        var id = Study(rows) == StudyScales.DdxPlus ? "pathways-ddxplus" : "pathways";
        return PathwayFigure.Draw(StudyFindings.Pathways(rows, comparisons), [.. kinds.Select(r => new PathwayRow(
            r.Budget == nameof(Budget.EqualTokens) ? "equal tokens" : "equal examples", r.Arm, r.Size, r.Parameters, r.Group, r.Seed, r.Questions,
            r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], new FigureText(id, Note(rows) + StudyFindings.Rule(comparisons)));
    }

    /// <summary>Accuracy against model size by arm; the published MedQA accuracies by size as a second panel.</summary>
    /// <param name="published">Published accuracies; null draws the students alone.</param>
    /// <param name="comparisons">What the title's finding rests on; without them it only lists accuracies.</param>
    public static Figure Scaling(IReadOnlyList<StudyRow> rows, IReadOnlyList<PublishedRow>? published, IReadOnlyList<ComparisonRow>? comparisons = null)
    {
        var overall = rows.Where(r => r.Group == Overall && r.Budget == nameof(Budget.EqualExamples)).ToList();
        return ScalingFigure.Draw(StudyFindings.Scaling(rows, comparisons), [.. overall.Select(r => new ScalingRow(
            r.Arm, r.Size, r.Parameters, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], published, new FigureText("scaling", Note(rows) + StudyFindings.Rule(comparisons) + (comparisons is null ? "" : " Sizes are within noise where their intervals overlap.")));
    }

    /// <summary>What each training stage adds, by arm.</summary>
    /// <param name="comparisons">What the title's finding rests on; without them it only lists accuracies.</param>
    public static Figure Stages(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow>? comparisons = null)
    {
        var kinds = rows.Where(r => r.Group is not (StudentExam.Seen or StudentExam.Unseen)).ToList();
        return StagesFigure.Draw(StudyFindings.Stages(rows, comparisons), [.. kinds.Select(r => new StageRow(
            StageName(r.Stage), $"{FigureLook.Label(r.Arm)} {r.Size}", r.Parameters, r.Group, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], new FigureText("stages", Note(rows) + StudyFindings.Rule(comparisons)));
    }

    /// <summary>The paper's ladder of stages: accuracy after each, and what each step adds.</summary>
    public static Figure StagesAndData(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow> comparisons)
    {
        var overall = rows.Where(r => r.Group == Overall).ToList();
        var arm = overall[0].Arm;
        var rungs = LadderRecipe.Rungs.Select(r => (Rung: r, Found: comparisons.FirstOrDefault(c => c.Group == Overall && c.First == $"{arm} {r.After}" && c.Second == $"{arm} {r.Before}")))
            .Where(r => r.Found is not null)
            .Select(r => new RungRow($"{StageName(r.Rung.After.ToString())} − {StageName(r.Rung.Before.ToString())}", Overall, r.Found!.Seeds, r.Found.Questions, r.Found.Difference, r.Found.Low, r.Found.High, r.Found.SeedHolmPValue ?? r.Found.HolmPValue)).ToList();
        return LadderFigure.Draw(StudyFindings.StagesAndData(rungs),
            [.. overall.Select(r => new StageRow(StageName(r.Stage), r.Size, r.Parameters, r.Group, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))],
            rungs, new FigureText(StudyScales.StagesAndData, Note(rows)));
    }

    /// <summary>Loss over fine-tuning, by arm: the mean over seeds, and each seed thin behind it.</summary>
    /// <param name="curves">Students of one size with how their loss fell.</param>
    /// <param name="rows">The study's table, which tells whether the arm of the least loss is the one that answers best.</param>
    /// <exception cref="ArgumentException">There are no curves.</exception>
    public static Figure TrainingCurves(IReadOnlyList<StudentCurve> curves, IReadOnlyList<StudyRow> rows)
    {
        const string panel = "training loss (nats per token)";
        var arms = rows.Select(r => r.Arm).Distinct(StringComparer.Ordinal).ToList();
        var groups = curves.GroupBy(c => c.Cell.Arm.Name, StringComparer.Ordinal).OrderBy(g => arms.IndexOf(g.Key)).ToList();
        if (groups.Count == 0) throw new ArgumentException("There are no curves to draw.", nameof(curves));
        static CurvePoint Point(string arm, double tokens, double loss) => new(panel, arm, Math.Round(tokens), Math.Round(loss, 6));
        var singles = groups.SelectMany(g => g.OrderBy(c => c.Cell.Seed).Select(c => (IReadOnlyList<CurvePoint>)[.. c.Points.Select(p => Point(g.Key, p.Tokens, p.Loss))])).ToList();
        var means = groups.SelectMany(g => Enumerable.Range(0, g.Min(c => c.Points.Count)).Select(i => Point(g.Key, g.Average(c => c.Points[i].Tokens), g.Average(c => c.Points[i].Loss)))).ToList();
        var size = curves[0].Cell.Size;
        var seeds = groups.Max(g => g.Count());
        return TrainingCurveFigure.Draw(StudyFindings.TrainingCurves(means, Heads(rows), size), means, "Training tokens read in fine-tuning", new FigureText("training-curves",
            $"Students of {size}, {seeds} {(seeds == 1 ? "seed" : "seeds (thin lines; thick: their mean)")}, equal examples; each point is the mean loss of the steps since the point before. Arms learn different texts, so that their losses are not of one task. {Note(rows)}"),
            seeds > 1 ? singles : null, log: true);
    }

    /// <summary>Tokens of an answer against accuracy: one point an arm, one panel a student size.</summary>
    /// <param name="rows">The study's table.</param>
    /// <param name="comparisons">What the title's finding rests on.</param>
    public static Figure ThinkingLength(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow> comparisons)
    {
        var heads = Heads(rows).Where(r => r.Budget == nameof(Budget.EqualExamples)).ToList();
        return ThinkingFigure.Draw(StudyFindings.ThinkingLength(heads, comparisons), [.. heads.OrderBy(r => r.Parameters).Select(r => new ThinkingRow($"Students of {r.Size}", r.Arm, r.Questions, r.OutputTokens, r.Letter, r.LetterLow, r.LetterHigh))],
            heads[0].Chance, text: new FigureText("thinking-length", $"Equal examples; points of one length are moved apart sideways. Arms differ in what is thought, not in its length alone: the swapped control thinks about another case. {Note(rows)}{StudyFindings.Rule(comparisons)}"));
    }

    /// <summary>Cohen's kappa between readers of an answer, between two ways to ask, and between what students take back and what is wrong.</summary>
    /// <param name="files">How our reading of published outputs agrees with the publisher's, by file.</param>
    /// <param name="disagreements">Every output that we read otherwise.</param>
    /// <param name="scores">Students' answers in the study's exam.</param>
    /// <param name="likelihoods">The same students' likeliest options.</param>
    /// <exception cref="InvalidDataException">The two tables of readings do not fit together.</exception>
    public static Figure Agreement(
        IReadOnlyList<ReaderAgreement> files, IReadOnlyList<ReaderDisagreement> disagreements, IReadOnlyList<(StudyCell Cell, ScoreResult Result)> scores, IReadOnlyList<(StudyCell Cell, LikelihoodResult Result)> likelihoods)
    {
        var rows = AgreementRows.Of(files, disagreements, scores, likelihoods);
        return AgreementFigure.Draw(AgreementRows.Finding(rows), rows, new FigureText("judge-agreement",
            $"Each judge says right or wrong of the same answer (readers, label and name), the same question (protocols) or the same statement (review; statements as if independent). The likeliest option is scored without a thought. "
            + $"Students of {scores[0].Cell.Size}, {scores.Select(s => s.Cell.Seed).Distinct().Count()} seeds, equal examples; questions drawn anew with all seeds' answers. Words of the title: Landis and Koch 1977, a convention. The published outputs were used to develop our reader. Not for clinical use.",
            "95 % intervals (percentile bootstrap, seeded)"));
    }

    /// <summary>Whether a student belongs to the largest size of a study's equal-examples budget.</summary>
    public static Func<StudyCell, bool> InLargest(IReadOnlyList<StudyRow> rows)
    {
        var size = rows.MaxBy(r => r.Parameters)?.Size ?? throw new ArgumentException("The study's table is empty.", nameof(rows));
        return c => c.Size == size && c.Budget == Budget.EqualExamples;
    }

    private static string Study(IReadOnlyList<StudyRow> rows) => rows.Count > 0 ? rows[0].Study : throw new ArgumentException("The study's table is empty.", nameof(rows));

    internal static string StageName(string stage) => stage switch
    {
        nameof(Stage.FineTunedOnly) => "SFT",
        nameof(Stage.WithTextbook) => "CPT + SFT",
        nameof(Stage.WithMoreFineTuning) => "CPT + SFT, longer",
        nameof(Stage.WithRejectionSampling) => "CPT + SFT + right samples",
        nameof(Stage.General) => "CPT + stage 1",
        nameof(Stage.Complex) => "stages 1-2",
        nameof(Stage.ReasoningAlone) => "stage 3 alone, most data",
        nameof(Stage.ReasoningSmall) => "stages 1-3, least data",
        nameof(Stage.ReasoningSmallLonger) => "stages 1-3, least data, repeated",
        nameof(Stage.ReasoningMedium) => "stages 1-3, more data",
        nameof(Stage.ReasoningLarge) => "stages 1-3, most data",
        nameof(Stage.ReasoningWithGeneral) => "the same + non-medical tasks",
        nameof(Stage.PreferenceSmall) => "+ few pairs",
        nameof(Stage.PreferenceLarge) => "+ many pairs",
        nameof(Stage.WithPaperPreference) => "CPT + SFT + CPO-SimPO, paper's",
        _ => "CPT + SFT + CPO-SimPO, ours",
    };

    /// <summary>Overall lines: pooled over seeds where there are several.</summary>
    internal static IEnumerable<StudyRow> Heads(IReadOnlyList<StudyRow> rows)
    {
        var pooled = rows.Any(r => r.Seed is null);
        return rows.Where(r => r.Group == Overall && r.Seed is null == pooled);
    }

    private static string Note(IReadOnlyList<StudyRow> rows)
    {
        var seeds = rows.Where(r => r.Seed is not null).Select(r => r.Seed).Distinct().Count();
        var world = rows[0].World == "ddxplus" ? "DDXPlus world" : "Simulated clinic";
        var scale = rows[0].Scale == "smoke" ? " Smoke scale: shows that everything runs; the numbers mean nothing." : "";
        return $"{world}, {rows[0].Split} split, letter accuracy by greedy generation, chart register; {(seeds == 1 ? "one seed" : $"{seeds} seeds")}.{scale} Not for clinical use.";
    }

    internal static string F(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
