namespace Citrus.Research.Figures;

/// <summary>Loss, accuracy or whatever else over the course of training: one panel per measure, one line per run.</summary>
public static class TrainingCurveFigure
{
    private static readonly double[] LogTicks = [.. from power in Enumerable.Range(-5, 9) from digit in (double[])[1, 2, 5] select Math.Round(digit * Math.Pow(10, power), 6)];

    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="points">The points; panels and runs stand in the order in which they first appear.</param>
    /// <param name="xTitle">What x counts, with its unit.</param>
    /// <param name="text">Words for the caption.</param>
    /// <param name="singles">Thin lines behind, such as the single seeds of what <paramref name="points"/> average; one list a line; each takes the colour of its run.</param>
    /// <param name="log">Whether the values stand on a log axis.</param>
    /// <exception cref="ArgumentException">No points, or a number that is not finite.</exception>
    public static Figure Draw(string title, IReadOnlyList<CurvePoint> points, string xTitle = "Training tokens", FigureText? text = null, IReadOnlyList<IReadOnlyList<CurvePoint>>? singles = null, bool log = false)
    {
        text ??= new FigureText();
        if (points.Count == 0) throw new ArgumentException("There are no points to draw.", nameof(points));
        if (points.FirstOrDefault(p => !double.IsFinite(p.X) || !double.IsFinite(p.Y)) is { } bad)
            throw new ArgumentException($"{bad.Run}, {bad.Panel}: ({bad.X}, {bad.Y}) cannot be drawn; leave diverged steps out and say so in the note.", nameof(points));
        var panels = points.Select(p => p.Panel).Distinct(StringComparer.Ordinal).ToList();
        var runs = points.Select(p => p.Run).Distinct(StringComparer.Ordinal).ToList();
        var styles = FigureLook.Styles(runs);
        var caption = $"{runs.Count} {(runs.Count == 1 ? "run" : "runs")}, {points.Count} points.{(text.Note is null ? "" : " " + text.Note)}";
        const int height = 320, gap = 84;
        var total = panels.Count == 1 ? (runs.Count > 4 ? 980 : 700) : Math.Min(1180, 120 + (panels.Count * 480));
        var canvas = new ChartCanvas(total, height, 80, 28 + (20 * FigureLook.LegendRows([.. runs.Select(FigureLook.Label)], total - 40)), 56, title, caption);
        var width = (canvas.PlotWidth - (gap * (panels.Count - 1))) / (double)panels.Count;
        for (var p = 0; p < panels.Count; p++)
        {
            var xAxis = ChartCanvas.Axis(grid: false);
            xAxis["title"] = ChartCanvas.AxisTitle(FigureLook.Escape(xTitle), 8);
            xAxis["rangemode"] = "tozero";
            var yAxis = ChartCanvas.Axis();
            yAxis["title"] = ChartCanvas.AxisTitle(FigureLook.Escape(FigureLook.Capital(panels[p])) + (log ? ", log scale" : ""), 10);
            if (log)
            {
                yAxis["type"] = "log";
                yAxis["tickvals"] = LogTicks;
                yAxis["ticktext"] = LogTicks.Select(t => t.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            var panel = canvas.Panel(p * (width + gap), 0, width, height, xAxis, yAxis);
            foreach (var single in singles ?? [])
            {
                var line = single.Where(q => q.Panel == panels[p]).OrderBy(q => q.X).ToList();
                if (line.Count == 0) continue;
                canvas.Scatter(panel, new()
                {
                    ["x"] = line.Select(q => q.X),
                    ["y"] = line.Select(q => q.Y),
                    ["mode"] = "lines",
                    ["line"] = new { color = styles[line[0].Run].Color, width = 0.7 },
                    ["opacity"] = 0.45,
                    ["hoverinfo"] = "skip",
                    ["showlegend"] = false,
                });
            }

            foreach (var run in runs)
            {
                var line = points.Where(q => q.Panel == panels[p] && q.Run == run).OrderBy(q => q.X).ToList();
                if (line.Count == 0) continue;
                canvas.Scatter(panel, new()
                {
                    ["x"] = line.Select(q => q.X),
                    ["y"] = line.Select(q => q.Y),
                    ["mode"] = "lines+markers",
                    ["name"] = FigureLook.Escape(FigureLook.Label(run)),
                    ["legendgroup"] = run,
                    ["showlegend"] = panels.FindIndex(q => points.Any(r => r.Panel == q && r.Run == run)) == p,
                    ["line"] = new { color = styles[run].Color, width = 2 },
                    ["marker"] = FigureLook.Marker(styles[run], line.Count > 25 ? 8 : 6, line.Count > 25 ? 8 : 0),
                });
            }
        }

        canvas.Legend(20 - 80, -10);
        return new Figure(text.Id ?? "training", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(points)], canvas.ToJson());
    }
}
