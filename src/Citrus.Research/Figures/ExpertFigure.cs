using System.Globalization;
using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Figures;

/// <summary>How often experts end right, by kind of question: one lane a kind, one colour and symbol an expert or pathway.</summary>
public static class ExpertFigure
{
    /// <summary>The rows of one expert's traces of the same questions, in the same order: over all questions, then by kind.</summary>
    /// <exception cref="ArgumentException">The lists are not of the same questions.</exception>
    public static IReadOnlyList<ExpertRow> Rows(string expert, IReadOnlyList<Question> questions, IReadOnlyList<Trace> traces) =>
        Rows(expert, questions, [.. traces.Select(t => t.Question)], i => Verification.Of(questions[i], traces[i]).Kept, i => traces[i].Calls);

    /// <summary>The same of predictions.</summary>
    /// <exception cref="ArgumentException">The lists are not of the same questions.</exception>
    public static IReadOnlyList<ExpertRow> Rows(string expert, IReadOnlyList<Question> questions, IReadOnlyList<Prediction> predictions) =>
        Rows(expert, questions, [.. predictions.Select(p => p.QuestionId)], i => predictions[i].Correct, null);

    /// <summary>Draws the figure. Kinds and experts stand in the order in which they first appear.</summary>
    /// <param name="title">The finding in a sentence; null says each expert's share over all questions.</param>
    /// <param name="rows">At most one row an expert and kind.</param>
    /// <param name="ceiling">Best possible accuracy on these questions, a fraction; null where it is not known.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, a row that stands twice, or more experts than can be told apart.</exception>
    public static Figure Draw(string? title, IReadOnlyList<ExpertRow> rows, double? ceiling = null, FigureText? text = null)
    {
        text ??= new FigureText(Interval: "95 % intervals (Wilson)");
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        var experts = rows.Select(r => r.Expert).Distinct(StringComparer.Ordinal).ToList();
        if (experts.Count > BenchmarkFigure.MostModels) throw new ArgumentException($"{experts.Count} experts are too many to tell apart; choose {BenchmarkFigure.MostModels} or fewer.", nameof(rows));
        if (rows.GroupBy(r => (r.Expert, r.Kind)).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{twice.Key.Expert} on {twice.Key.Kind} is there {twice.Count()} times.", nameof(rows));
        title ??= "Ends right: " + string.Join(", ", rows.Where(r => r.Kind == rows[0].Kind).Select(r => $"{FigureLook.Label(r.Expert)} {FigureLook.Percent(r.Accuracy)}"));
        var kinds = rows.Select(r => r.Kind).Distinct(StringComparer.Ordinal).ToList();
        var lane = 16 + (12 * experts.Count);
        var caption = $"Whiskers: {text.Interval}.{(ceiling is null ? "" : " Dashed line: Bayes ceiling, the best possible accuracy.")}{(text.Note is null ? "" : " " + text.Note)}";
        var names = experts.Select(FigureLook.Label).ToList();
        var canvas = new ChartCanvas(820, lane * kinds.Count, 130, 28 + (20 * FigureLook.LegendRows(names, 780)), 52, title, caption);
        var low = Math.Max(0, (Math.Floor(rows.Min(r => r.Low) * 10) / 10) - 0.02);
        var xAxis = ChartCanvas.Axis(low, 1.02);
        var ticks = Enumerable.Range(0, 11).Select(i => i / 10.0).Where(t => t >= low).ToList();
        xAxis["tickvals"] = ticks;
        xAxis["ticktext"] = ticks.Select(t => (100 * t).ToString("0", CultureInfo.InvariantCulture));
        xAxis["title"] = ChartCanvas.AxisTitle("Questions that end right (%)", 8);
        var yAxis = ChartCanvas.Axis(-kinds.Count + 0.5, 0.5, grid: false);
        yAxis["showline"] = false;
        yAxis["tickcolor"] = "rgba(0,0,0,0)";
        yAxis["tickvals"] = Enumerable.Range(0, kinds.Count).Select(i => -i);
        yAxis["ticktext"] = kinds.Select(k => $"{FigureLook.Escape(FigureLook.Capital(k))}<br><span style=\"color:{FigureLook.Faint};font-size:11px\">n = {FigureLook.Range(rows.Where(r => r.Kind == k).Select(r => r.N))}</span>").ToList();
        var panel = canvas.Panel(0, 0, canvas.PlotWidth, lane * kinds.Count, xAxis, yAxis);
        for (var k = 1; k < kinds.Count; k += 2) canvas.Band(panel, -k - 0.5, -k + 0.5);
        if (ceiling is { } best) canvas.Line(panel, Math.Round(best, 6), null, "6px,4px", FigureLook.Ink);
        canvas.Legend(-110, -8);
        var styles = FigureLook.Styles(experts);
        var step = 0.76 / experts.Count;
        foreach (var expert in experts)
        {
            var own = rows.Where(r => r.Expert == expert).ToList();
            var offset = (((experts.Count - 1) / 2.0) - experts.IndexOf(expert)) * step;
            canvas.Scatter(panel, new()
            {
                ["x"] = own.Select(r => Math.Round(r.Accuracy, 6)),
                ["y"] = own.Select(r => Math.Round(-kinds.IndexOf(r.Kind) + offset, 4)),
                ["mode"] = "markers",
                ["name"] = FigureLook.Escape(FigureLook.Label(expert)),
                ["showlegend"] = true,
                ["marker"] = FigureLook.Marker(styles[expert]),
                ["error_x"] = new
                {
                    type = "data",
                    symmetric = false,
                    array = own.Select(r => Math.Round(r.High - r.Accuracy, 9)),
                    arrayminus = own.Select(r => Math.Round(r.Accuracy - r.Low, 9)),
                    color = styles[expert].Color,
                    thickness = 1.4,
                    width = 0,
                },
                ["text"] = own.Select(r => $"{FigureLook.Escape(FigureLook.Label(expert))}, {FigureLook.Escape(r.Kind)}: {FigureLook.Percent(r.Accuracy)} [{FigureLook.Percent(r.Low)}, {FigureLook.Percent(r.High)}], n = {r.N.ToString(CultureInfo.InvariantCulture)}"),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
        }

        return new Figure(text.Id ?? "experts", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(rows)], canvas.ToJson());
    }

    private static List<ExpertRow> Rows(string expert, IReadOnlyList<Question> questions, List<string> ids, Func<int, bool> right, Func<int, int>? calls)
    {
        if (!questions.Select(q => q.Id).SequenceEqual(ids)) throw new ArgumentException($"What {expert} said is not of these questions.", nameof(questions));
        var all = Enumerable.Range(0, questions.Count).ToList();
        return [.. all.GroupBy(i => questions[i].Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (Kind: g.Key, Of: g.ToList())).Prepend((Kind: "overall", Of: all)).Select(g =>
        {
            var rate = new Rate(g.Of.Count(right), g.Of.Count);
            return new ExpertRow(expert, g.Kind, rate.N, rate.Fraction, rate.Interval.Low, rate.Interval.High, calls is null ? null : g.Of.Average(i => (double)calls(i)));
        })];
    }
}
