namespace Citrus.Research.Figures;

/// <summary>Loss, accuracy or whatever else over the course of training: one panel per measure, one line per run.</summary>
public static class TrainingCurveFigure
{
    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="points">The points; panels and runs stand in the order in which they first appear.</param>
    /// <param name="xTitle">What x counts, with its unit.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No points, or a number that is not finite.</exception>
    public static Figure Draw(string title, IReadOnlyList<CurvePoint> points, string xTitle = "Training tokens", FigureText? text = null)
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
        var total = panels.Count == 1 ? 700 : Math.Min(1180, 120 + (panels.Count * 480));
        var legendRows = (int)Math.Ceiling(runs.Sum(r => 52 + (FigureLook.Label(r).Length * 7.2)) / (total - 130));
        var canvas = new ChartCanvas(total, height, 80, 16 + (legendRows * 22), 56, title, caption);
        var width = (canvas.PlotWidth - (gap * (panels.Count - 1))) / (double)panels.Count;
        for (var p = 0; p < panels.Count; p++)
        {
            var xAxis = ChartCanvas.Axis(grid: false);
            xAxis["title"] = ChartCanvas.AxisTitle(FigureLook.Escape(xTitle), 8);
            xAxis["rangemode"] = "tozero";
            var yAxis = ChartCanvas.Axis();
            yAxis["title"] = ChartCanvas.AxisTitle(FigureLook.Escape(FigureLook.Capital(panels[p])), 10);
            var panel = canvas.Panel(p * (width + gap), 0, width, height, xAxis, yAxis);
            foreach (var run in runs)
            {
                var line = points.Where(q => q.Panel == panels[p] && q.Run == run).OrderBy(q => q.X).ToList();
                if (line.Count == 0) continue;
                canvas.Scatter(panel, new()
                {
                    ["x"] = line.Select(q => q.X),
                    ["y"] = line.Select(q => q.Y),
                    ["mode"] = line.Count > 25 ? "lines" : "lines+markers",
                    ["name"] = FigureLook.Escape(FigureLook.Label(run)),
                    ["legendgroup"] = run,
                    ["showlegend"] = panels.FindIndex(q => points.Any(r => r.Panel == q && r.Run == run)) == p,
                    ["line"] = new { color = styles[run].Color, width = 2 },
                    ["marker"] = FigureLook.Marker(styles[run], 6),
                });
            }
        }

        canvas.Legend(-8, -10);
        return new Figure(text.Id ?? "training", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(points)], canvas.ToJson());
    }
}
