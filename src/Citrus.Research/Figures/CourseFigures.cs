using System.Globalization;
using Citrus.Research.Evaluation;
using Citrus.Research.Studies;

namespace Citrus.Research.Figures;

/// <summary>The two pictures of a student's course: how the loss fell, and what the student was worth after each stage.</summary>
public static class CourseFigures
{
    /// <summary>Loss over the steps of each stage; a panel for each kind of loss.</summary>
    /// <exception cref="ArgumentException">No stage was trained.</exception>
    public static Figure Loss(IReadOnlyList<StageOutcome> stages)
    {
        var trained = stages.Where(s => s.Curve.Count > 0).ToList();
        if (trained.Count == 0) throw new ArgumentException("None of these stages was trained; there is no loss to draw.", nameof(stages));
        var fell = trained.Count(s => s.Curve[^1].Loss < s.Curve[0].Loss);
        var title = $"The loss {(fell == trained.Count ? "falls" : $"falls in {fell} of {trained.Count} stages")}: "
            + string.Join(", ", trained.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Name(s.Stage)} {s.Curve[0].Loss:0.00} to {s.Curve[^1].Loss:0.00}")));
        return TrainingCurveFigure.Draw(title, [.. trained.SelectMany(s => s.Curve.Select(p => new CurvePoint(s.Unit, Name(s.Stage), p.Step, p.Loss)))], "Steps", new FigureText("training", "One seed."));
    }

    /// <summary>Share of questions whose right option the student names, after each stage, by kind of question.</summary>
    /// <param name="size">The student's size in words, such as <c>0.1M</c>.</param>
    public static Figure Accuracy(IReadOnlyList<StageOutcome> stages, string size)
    {
        if (stages.Count == 0) throw new ArgumentException("There are no stages to draw.", nameof(stages));
        var title = "Names the right option: " + string.Join(", ", stages.Select(s => string.Create(CultureInfo.InvariantCulture, $"{Name(s.Stage)} {100 * s.Exam.ByName.Fraction:0}%")));
        List<StageRow> rows = [.. stages.SelectMany(s => s.Exam.Groups.Where(g => g.By == "kind").Select(g => Row(Name(s.Stage), size, g.Value, g.ByName, g.Ceiling, g.Chance))
            .Prepend(Row(Name(s.Stage), size, "overall", s.Exam.ByName, s.Exam.Ceiling, s.Exam.Chance)))];
        return StagesFigure.Draw(title, rows, new FigureText("stages", "The option named counts; one seed of data, order and weights. Not for clinical use.", "95 % intervals (Wilson) over questions"));
    }

    /// <summary>Stages by what happens in them; a name of one's own stays.</summary>
    private static string Name(string stage) => stage switch
    {
        "untrained" => "before training",
        "cpt" or "student-cpt" => "textbook read (CPT)",
        "sft-1" or "sft-2" or "sft-3" or "student-sft" => "narratives learned (SFT)",
        "cpo-simpo" => "pairs, the paper's loss",
        "student-cpo" => "pairs, our loss",
        _ => stage,
    };

    private static StageRow Row(string stage, string size, string kind, Rate rate, double? ceiling, double chance) =>
        new(stage, size, 0, kind, null, rate.N, rate.Fraction, rate.Interval.Low, rate.Interval.High, ceiling ?? 1, chance);
}
