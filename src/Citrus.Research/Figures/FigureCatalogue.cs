using Citrus.Research.Evaluation;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>Every figure that is kept beside the results.</summary>
public static class FigureCatalogue
{
    private const string Measured = "evaluation/measured.csv";

    /// <summary>The figures, in the order of docs/figures.md.</summary>
    public static IReadOnlyList<FigurePlan> All { get; } =
    [
        Study(StudyScales.Pathways, "pathways", "Accuracy by arm, kind of question, student size and budget (equal examples, equal tokens)", "Table 5's question, asked of pathways one by one",
            s => StudyFigures.Pathways(s.Rows(StudyScales.Pathways), s.Comparisons(StudyScales.Pathways))),
        Study(StudyScales.DdxPlus, "pathways-ddxplus", "The pathway study again in the DDXPlus world", "the same, on cases of others",
            s => StudyFigures.Pathways(s.Rows(StudyScales.DdxPlus), s.Comparisons(StudyScales.DdxPlus))),
        Study(StudyScales.Scaling, "scaling", "Accuracy against student size, and published MedQA accuracies against model size", "Table 4's models, by size",
            s => StudyFigures.Scaling(s.Rows(StudyScales.Scaling), PublishedRow.Load(s.Published("medqa_by_size.csv")), s.Comparisons(StudyScales.Scaling))),
        Study(StudyScales.Stages, "stages", "Accuracy by chain of training stages and kind of question", "Table 5",
            s => StudyFigures.Stages(s.Rows(StudyScales.Stages), s.Comparisons(StudyScales.Stages))),
        Study(StudyScales.StagesAndData, "stages-and-data", "The paper's ladder of stages and what each step adds", "Table 5",
            s => StudyFigures.StagesAndData(s.Rows(StudyScales.StagesAndData), s.Comparisons(StudyScales.StagesAndData))),
        new("training-curves", "pathways/figure", "Loss over fine-tuning, by arm", "none", ["pathways/pathways.csv"], Seeds(StudyScales.Pathways),
            s => StudyFigures.TrainingCurves(s.Records(StudyScales.Pathways, "student", StudyFigures.InLargest(s.Rows(StudyScales.Pathways)), StudentCurve.Of), s.Rows(StudyScales.Pathways))),
        new("thinking-length", "pathways/figure", "Tokens of an answer against accuracy, by arm and size", "none", ["pathways/pathways.csv", "pathways/comparisons.csv"], Seeds(StudyScales.Pathways),
            s => StudyFigures.ThinkingLength(s.Rows(StudyScales.Pathways), s.Comparisons(StudyScales.Pathways))),
        new("thinking-budget", "evaluation/figure", "Accuracy of students whose thought is ended at a budget of tokens", "none", [KeptAnswers.Answers], StudentSeeds,
            s => MeasuredFigures.ThinkingBudget(s.Read<MeasuredAnswers>(KeptAnswers.Answers))),
        new("calibration", "evaluation/figure", "Reliability diagrams of students' likelihoods, with ECE and Brier score", "none", [KeptAnswers.Answers, KeptAnswers.Options], StudentSeeds,
            s => MeasuredFigures.Calibrations(s.Read<OptionScores>(KeptAnswers.Options), s.Read<MeasuredAnswers>(KeptAnswers.Answers))),
        new("judge-agreement", "extraction/figure", "Cohen's kappa between readers of an answer, between protocols, and between a student's review of itself and the truth", "none",
            ["extraction/agreement.csv", "extraction/disagreements.csv", "pathways/pathways.csv"], Seeds(StudyScales.Pathways), Agreement),
        new("medqa-by-size", "evaluation/figure", "Published and measured MedQA accuracy against model size, and the distance of each from its line", "Table 4", [Measured], _ => [],
            s => Noting(s, ["medqa_by_size.csv"], () => PublishedFigures.MedQaBySize(s.Read<MeasuredScore>(Measured)))),
        new("published-stages", "evaluation/figure", "The paper's accuracy after each training stage, and which steps stand out from noise", "Table 5", [], _ => [],
            s => Noting(s, ["citrus_table4.csv", "citrus_table5.csv"], PublishedFigures.Stages)),
        new("benchmarks", "evaluation/figure", "Published and measured models over benchmarks", "Table 4", [Measured], _ => [],
            s => Noting(s, ["benchmarks.csv"], () => PublishedFigures.Benchmarks(s.Read<MeasuredScore>(Measured)))),
    ];

    /// <summary>The figure of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static FigurePlan Of(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new ArgumentException($"There is no figure {name}; there are {string.Join(", ", All.Select(p => p.Name))}.");

    /// <summary>The figure kept beside a study's table; null for a study without one.</summary>
    public static FigurePlan? OfStudy(string study) => All.FirstOrDefault(p => p.Needs.Contains($"{study}/{study}.csv") && p.Folder == study + "/figure");

    private static FigurePlan Study(string study, string name, string shows, string counterpart, Func<FigureSources, Figure> draw) =>
        new(name, study + "/figure", shows, counterpart, [$"{study}/{study}.csv", $"{study}/{StudyFiles.Comparisons}"], Seeds(study), draw);

    private static Func<FigureSources, IEnumerable<ulong>> Seeds(string study) => s => s.Rows(study).Where(r => r.Seed is not null).Select(r => (ulong)r.Seed!.Value);

    /// <summary>A student's folder tells its seed, e.g. <c>Direct-0.1M-seed1</c>.</summary>
    private static IEnumerable<ulong> StudentSeeds(FigureSources sources) => sources.Read<MeasuredAnswers>(KeptAnswers.Answers)
        .Select(a => a.Student.Split("-seed") is [_, var seed] && ulong.TryParse(seed, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : (ulong?)null)
        .Where(n => n is not null).Select(n => n!.Value);

    private static Figure Noting(FigureSources sources, string[] published, Func<Figure> draw)
    {
        foreach (var name in published) sources.Published(name);
        return draw();
    }

    private static Figure Agreement(FigureSources s)
    {
        var largest = StudyFigures.InLargest(s.Rows(StudyScales.Pathways));
        return StudyFigures.Agreement(
            s.Read<ReaderAgreement>("extraction/agreement.csv"), s.Read<ReaderDisagreement>("extraction/disagreements.csv"),
            s.Exams<ScoreResult>(StudyScales.Pathways, "score", largest), s.Exams<LikelihoodResult>(StudyScales.Pathways, "likelihood", largest));
    }
}
