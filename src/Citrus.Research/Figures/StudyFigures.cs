using System.Globalization;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>The figures of the shipped studies, from their tables.</summary>
public static class StudyFigures
{
    private const string Overall = "overall";

    /// <summary>The figure of a study by its name; null for a study without one.</summary>
    /// <param name="comparisons">The study's paired comparisons; the figure of stages and data draws them.</param>
    /// <exception cref="ArgumentException">The table is empty.</exception>
    public static Figure? Of(IReadOnlyList<StudyRow> rows, IReadOnlyList<PublishedRow>? published = null, IReadOnlyList<ComparisonRow>? comparisons = null) => Study(rows) switch
    {
        StudyScales.Pathways or StudyScales.DdxPlus => Pathways(rows),
        StudyScales.Scaling => Scaling(rows, published),
        StudyScales.Stages => Stages(rows),
        StudyScales.StagesAndData when comparisons is not null => StagesAndData(rows, comparisons),
        _ => null,
    };

    /// <summary>Accuracy by arm, kind of question and size; a panel row for each budget.</summary>
    public static Figure Pathways(IReadOnlyList<StudyRow> rows)
    {
        var kinds = rows.Where(r => r.Group is not (StudentExam.Seen or StudentExam.Unseen)).ToList();
        var id = Study(rows) == StudyScales.DdxPlus ? "pathways-ddxplus" : "pathways";
        return PathwayFigure.Draw(Finding(rows), [.. kinds.Select(r => new PathwayRow(
            r.Budget == nameof(Budget.EqualTokens) ? "equal tokens" : "equal examples", r.Arm, r.Size, r.Parameters, r.Group, r.Seed, r.Questions,
            r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], new FigureText(id, Note(rows)));
    }

    /// <summary>Accuracy against model size by arm; the published MedQA accuracies by size as a second panel.</summary>
    public static Figure Scaling(IReadOnlyList<StudyRow> rows, IReadOnlyList<PublishedRow>? published)
    {
        var overall = rows.Where(r => r.Group == Overall && r.Budget == nameof(Budget.EqualExamples)).ToList();
        return ScalingFigure.Draw(Finding(rows), [.. overall.Select(r => new ScalingRow(
            r.Arm, r.Size, r.Parameters, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], published, new FigureText("scaling", Note(rows)));
    }

    /// <summary>What each training stage adds, by arm.</summary>
    public static Figure Stages(IReadOnlyList<StudyRow> rows)
    {
        var kinds = rows.Where(r => r.Group is not (StudentExam.Seen or StudentExam.Unseen)).ToList();
        var last = Heads(rows).Where(r => r.Arm == rows[^1].Arm).ToDictionary(r => r.Stage, r => r.Letter);
        var title = string.Join(", ", last.Select(s => $"{StageName(s.Key)} {F(s.Value)}"));
        return StagesFigure.Draw($"{rows[^1].Arm} by training stage: {title}", [.. kinds.Select(r => new StageRow(
            StageName(r.Stage), $"{r.Arm} {r.Size}", r.Parameters, r.Group, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))], new FigureText("stages", Note(rows)));
    }

    /// <summary>The paper's ladder of stages: accuracy after each, and what each step adds.</summary>
    public static Figure StagesAndData(IReadOnlyList<StudyRow> rows, IReadOnlyList<ComparisonRow> comparisons)
    {
        var overall = rows.Where(r => r.Group == Overall).ToList();
        var arm = overall[0].Arm;
        var rungs = LadderRecipe.Rungs.Select(r => (Rung: r, Found: comparisons.FirstOrDefault(c => c.Group == Overall && c.First == $"{arm} {r.After}" && c.Second == $"{arm} {r.Before}")))
            .Where(r => r.Found is not null)
            .Select(r => new RungRow($"{StageName(r.Rung.After.ToString())} − {StageName(r.Rung.Before.ToString())}", Overall, r.Found!.Seeds, r.Found.Questions, r.Found.Difference, r.Found.Low, r.Found.High, r.Found.SeedHolmPValue ?? r.Found.HolmPValue)).ToList();
        var real = rungs.Count(r => r.PValue < RungRow.Level);
        return LadderFigure.Draw($"{real} of {rungs.Count} steps {(real == 1 ? "stands" : "stand")} out from noise over {rungs[0].Seeds} seeds: {string.Join(", ", Heads(rows).Where(r => r.Stage is nameof(Stage.Complex) or nameof(Stage.ReasoningLarge) or nameof(Stage.PreferenceLarge)).Select(r => $"{StageName(r.Stage)} {F(r.Letter)}"))}",
            [.. overall.Select(r => new StageRow(StageName(r.Stage), r.Size, r.Parameters, r.Group, r.Seed, r.Questions, r.Letter, r.LetterLow, r.LetterHigh, r.Ceiling, r.Chance))],
            rungs, new FigureText(StudyScales.StagesAndData, Note(rows)));
    }

    private static string Study(IReadOnlyList<StudyRow> rows) => rows.Count > 0 ? rows[0].Study : throw new ArgumentException("The study's table is empty.", nameof(rows));

    private static string StageName(string stage) => stage switch
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

    /// <summary>What the largest students show, in one line.</summary>
    private static string Finding(IReadOnlyList<StudyRow> rows)
    {
        var heads = Heads(rows).Where(r => r.Budget == nameof(Budget.EqualExamples)).ToList();
        var largest = heads.Where(r => r.Parameters == heads.Max(h => h.Parameters) && !Arm.Of(r.Arm).Swapped && !Arm.Of(r.Arm).ExtraTextbook).OrderByDescending(r => r.Letter).ToList();
        return $"At {largest[0].Size}: " + string.Join(", ", largest.Select(r => $"{r.Arm} {F(r.Letter)}"));
    }

    /// <summary>Overall lines: pooled over seeds where there are several.</summary>
    private static IEnumerable<StudyRow> Heads(IReadOnlyList<StudyRow> rows)
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

    private static string F(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
