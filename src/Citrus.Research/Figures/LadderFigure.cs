using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>A chain of training stages: above, the accuracy after each; below, what each step adds, with an interval that says whether it is real.</summary>
public static class LadderFigure
{
    private const int Lane = 30, Gap = 78;

    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding.</param>
    /// <param name="stages">Overall accuracies, in the order of the chain; single seeds and, where there are several, a row that pools them.</param>
    /// <param name="rungs">The steps, in their order.</param>
    /// <param name="text">Words for the caption.</param>
    /// <param name="caption">A caption of one's own, for numbers that are neither of students here nor paired, such as published ones; null writes that of a study.</param>
    /// <remarks>A ceiling that nobody knows is not a number (<see cref="double.NaN"/>) and has no line.</remarks>
    /// <exception cref="ArgumentException">There are no rows, or an interval is out of order.</exception>
    public static Figure Draw(string title, IReadOnlyList<StageRow> stages, IReadOnlyList<RungRow> rungs, FigureText? text = null, string? caption = null)
    {
        if (stages.Count == 0 || rungs.Count == 0) throw new ArgumentException("There are no stages or no steps to draw.");
        text ??= new FigureText();
        var groups = stages.GroupBy(r => r.Stage).Select(g => SeedGroup.Of(g.Select(r => new PathwayRow("", r.Stage, r.Size, r.Parameters, r.Kind, r.Seed, r.N, r.Accuracy, r.Low, r.High, r.Ceiling, r.Chance)))).ToList();
        var (upper, lower) = (Lane * groups.Count, Lane * rungs.Count);
        var labels = groups.Select(g => g.Main.Arm).Concat(rungs.Select(r => r.Step)).ToList();
        var left = Math.Clamp(40 + (int)(labels.Max(l => l.Length) * 6.7), 110, 420);
        var first = groups[0].Main;
        var seeds = rungs[0].Seeds;
        caption ??= $"Above: letter accuracy, whiskers {text.Interval}{(seeds > 1 ? $", {seeds} seeds (small dots)" : ", one seed")}; dashed line Bayes ceiling, dotted line chance; n = {first.N.ToString("N0", CultureInfo.InvariantCulture)} questions. "
            + $"Below: paired difference to the step before with its 95 % interval over seeds and questions; filled where p < {RungRow.Level.ToString(CultureInfo.InvariantCulture)} {(seeds > 1 ? "over seeds (Student's t) " : "")}after Holm's correction over these {rungs.Count} steps, hollow where noise is not excluded.{(text.Note is null ? "" : " " + text.Note)}";
        var canvas = new ChartCanvas(980, upper + Gap + lower, left, 34, 52, title, caption);

        var low = Math.Max(0, Math.Floor((Math.Min(stages.Min(r => r.Low), first.Chance) - 0.02) * 20) / 20);
        var top = canvas.Panel(0, 0, canvas.PlotWidth, upper, InPercent(low, 1), Lanes([.. groups.Select(g => g.Main.Arm)]));
        Percent(canvas, "Accuracy (% of questions answered correctly)", upper + 24);
        var ceiling = groups.Average(g => g.Main.Ceiling);
        if (!double.IsNaN(ceiling)) canvas.Line(top, Math.Round(ceiling, 6), null, "6px,4px", FigureLook.Ink);
        canvas.Line(top, first.Chance, null, "2px,3px", FigureLook.Faint);
        var style = FigureLook.Ordered(0, 1);
        var singles = groups.SelectMany((g, i) => g.Singles.Count > 1 ? g.Singles.Select(s => (Y: -i - 0.24, s.Accuracy)) : []).ToList();
        if (singles.Count > 0) canvas.Scatter(top, Trace([.. singles.Select(s => s.Accuracy)], [.. singles.Select(s => s.Y)], new { color = style.Color, size = 4, opacity = 0.6 }, null, null));
        canvas.Scatter(top, Trace([.. groups.Select(g => g.Main.Accuracy)], [.. groups.Select((_, i) => (double)-i)], FigureLook.Marker(style), Whiskers([.. groups.Select(g => (g.Main.Low, g.Main.Accuracy, g.Main.High))], style.Color),
            [.. groups.Select(g => $"{FigureLook.Escape(g.Main.Arm)}<br>{FigureLook.Percent(g.Main.Accuracy)} [{FigureLook.Percent(g.Main.Low)}, {FigureLook.Percent(g.Main.High)}]")]));

        var (least, most) = (Math.Min(-0.02, rungs.Min(r => r.Low)), Math.Max(0.02, rungs.Max(r => r.High)));
        var bottom = canvas.Panel(0, upper + Gap, canvas.PlotWidth, lower, InPercent(least - 0.02, most + 0.02), Lanes([.. rungs.Select(r => r.Step)]));
        Percent(canvas, "What the step adds (percentage points)", upper + Gap + lower + 24);
        canvas.Line(bottom, 0, null, "solid", FigureLook.Ink);
        foreach (var real in new[] { true, false })
        {
            var here = rungs.Select((r, i) => (Row: r, Y: (double)-i)).Where(r => r.Row.PValue < RungRow.Level == real).ToList();
            if (here.Count == 0) continue;
            var color = real ? "#D55E00" : FigureLook.Faint;
            canvas.Scatter(bottom, Trace([.. here.Select(r => r.Row.Difference)], [.. here.Select(r => r.Y)], new { color, symbol = real ? "circle" : "circle-open", size = 9, line = new { color, width = 1.6 } },
                Whiskers([.. here.Select(r => (r.Row.Low, r.Row.Difference, r.Row.High))], color),
                [.. here.Select(r => FormattableString.Invariant($"{FigureLook.Escape(r.Row.Step)}<br>{100 * r.Row.Difference:+0.0;-0.0} points [{100 * r.Row.Low:0.0}, {100 * r.Row.High:0.0}], Holm p = {r.Row.PValue:0.####}"))]));
        }

        return new Figure(text.Id ?? "ladder", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(stages), FigureTable.Of(rungs, "steps")], canvas.ToJson());
    }

    private static void Percent(ChartCanvas canvas, string title, double y) => canvas.Note(title, canvas.PlotWidth / 2.0, y, "center", "top", FigureLook.TextSize, FigureLook.Ink);

    /// <summary>Numbers without a sign: the axis title names the unit.</summary>
    private static Dictionary<string, object?> InPercent(double low, double high)
    {
        var axis = ChartCanvas.Axis(low, high);
        var step = high - low > 0.6 ? 20 : high - low > 0.25 ? 10 : 5;
        var ticks = Enumerable.Range(-20, 41).Select(i => i * step).Where(t => t >= 100 * low && t <= 100 * high).ToList();
        axis["tickvals"] = ticks.Select(t => t / 100.0);
        axis["ticktext"] = ticks.Select(t => t.ToString(CultureInfo.InvariantCulture));
        return axis;
    }

    private static Dictionary<string, object?> Lanes(IReadOnlyList<string> labels)
    {
        var axis = ChartCanvas.Axis(-labels.Count + 0.5, 0.5, grid: false);
        axis["showline"] = false;
        axis["tickcolor"] = "rgba(0,0,0,0)";
        axis["tickvals"] = Enumerable.Range(0, labels.Count).Select(i => -i);
        axis["ticktext"] = labels.Select(FigureLook.Escape);
        return axis;
    }

    private static object Whiskers(IReadOnlyList<(double Low, double Mid, double High)> values, string color) => new
    {
        type = "data",
        symmetric = false,
        array = values.Select(v => Math.Round(Math.Max(0, v.High - v.Mid), 9)),
        arrayminus = values.Select(v => Math.Round(Math.Max(0, v.Mid - v.Low), 9)),
        color,
        thickness = 1.6,
        width = 0,
    };

    private static Dictionary<string, object?> Trace(IReadOnlyList<double> x, IReadOnlyList<double> y, object marker, object? whiskers, IReadOnlyList<string>? hover)
    {
        var trace = new Dictionary<string, object?> { ["x"] = x, ["y"] = y, ["mode"] = "markers", ["marker"] = marker, ["showlegend"] = false };
        if (whiskers is not null) trace["error_x"] = whiskers;
        if (hover is not null) (trace["text"], trace["hovertemplate"]) = (hover, "%{text}<extra></extra>");
        else trace["hoverinfo"] = "skip";
        return trace;
    }
}
