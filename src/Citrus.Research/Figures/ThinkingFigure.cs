using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>Length of thought against accuracy: tokens of an answer on a log axis, one panel a student size.</summary>
public static class ThinkingFigure
{
    private const int Height = 340, Gap = 60;
    private static readonly double[] Ticks = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    /// <summary>Draws the figure. Panels and names stand in the order in which they first appear.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">One row a point.</param>
    /// <param name="chance">Accuracy of guessing, a fraction.</param>
    /// <param name="joined">Whether the points of a name are one thing at several lengths, and so joined by a line.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, a length that is not above 0, or an interval that does not hold its point.</exception>
    public static Figure Draw(string title, IReadOnlyList<ThinkingRow> rows, double chance, bool joined = false, FigureText? text = null)
    {
        text ??= new FigureText();
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        if (rows.FirstOrDefault(r => !(r.Tokens > 0) || !(r.Low >= 0 && r.Low <= r.Accuracy + 1e-9 && r.Accuracy <= r.High + 1e-9 && r.High <= 1)) is { } odd)
            throw new ArgumentException($"{odd.Panel}, {odd.Name}: {odd.Tokens} tokens, accuracy {odd.Accuracy}, interval [{odd.Low}, {odd.High}]; tokens must be above 0 and the fractions in order.", nameof(rows));
        var panels = rows.Select(r => r.Panel).Distinct(StringComparer.Ordinal).ToList();
        var names = rows.Select(r => r.Name).Distinct(StringComparer.Ordinal).ToList();
        var total = panels.Count == 1 ? 760 : Math.Min(1180, 120 + (panels.Count * 480));
        var labels = names.Select(FigureLook.Label).ToList();
        var caption = $"Whiskers: {text.Interval}; n = {FigureLook.Range(rows.Select(r => r.N))} questions per point; dotted line: chance.{(text.Note is null ? "" : " " + text.Note)}";
        var canvas = new ChartCanvas(total, Height, 84, 46 + (20 * FigureLook.LegendRows(labels, total - 40)), 56, title, caption);
        var width = (canvas.PlotWidth - (Gap * (panels.Count - 1))) / (double)panels.Count;
        var (least, most) = (Math.Log10(rows.Min(r => r.Tokens)) - 0.12, Math.Log10(rows.Max(r => r.Tokens)) + 0.12);
        var bottom = Math.Max(0, Math.Floor((Math.Min(rows.Min(r => r.Low), chance) - 0.02) * 10) / 10);
        var styles = FigureLook.Styles(names);
        for (var p = 0; p < panels.Count; p++)
        {
            var xAxis = ChartCanvas.Axis(least, most, grid: false);
            xAxis["type"] = "log";
            xAxis["tickvals"] = Ticks;
            xAxis["ticktext"] = Ticks.Select(t => t.ToString(CultureInfo.InvariantCulture));
            xAxis["title"] = ChartCanvas.AxisTitle("Mean tokens of an answer (log scale)", 8);
            var yAxis = ChartCanvas.Axis(bottom, 1);
            yAxis["tickformat"] = ".0%";
            if (p == 0) yAxis["title"] = ChartCanvas.AxisTitle("Accuracy, all question kinds", 10);
            var x = p * (width + Gap);
            var panel = canvas.Panel(x, 0, width, Height, xAxis, yAxis);
            canvas.Note($"<b>{FigureLook.Escape(panels[p])}</b>", x, -8, "left", "bottom", FigureLook.TextSize, FigureLook.Ink);
            canvas.Line(panel, null, chance, "2px,3px", FigureLook.Faint);
            var here = rows.Where(r => r.Panel == panels[p]).ToList();
            foreach (var name in names)
            {
                var points = here.Where(r => r.Name == name).OrderBy(r => r.Tokens).ToList();
                if (points.Count == 0) continue;
                canvas.Scatter(panel, new()
                {
                    ["x"] = points.Select(r => Math.Round(r.Tokens * (joined ? 1 : Aside(r, here)), 4)),
                    ["y"] = points.Select(r => Math.Round(r.Accuracy, 6)),
                    ["mode"] = joined ? "lines+markers" : "markers",
                    ["name"] = FigureLook.Escape(FigureLook.Label(name)),
                    ["legendgroup"] = name,
                    ["showlegend"] = panels.FindIndex(q => rows.Any(r => r.Panel == q && r.Name == name)) == p,
                    ["line"] = new { color = styles[name].Color, width = 2 },
                    ["marker"] = FigureLook.Marker(styles[name]),
                    ["error_y"] = new
                    {
                        type = "data",
                        symmetric = false,
                        array = points.Select(r => Math.Round(Math.Max(0, r.High - r.Accuracy), 9)),
                        arrayminus = points.Select(r => Math.Round(Math.Max(0, r.Accuracy - r.Low), 9)),
                        color = styles[name].Color,
                        thickness = 1.5,
                        width = 0,
                    },
                    ["text"] = points.Select(r => string.Create(CultureInfo.InvariantCulture, $"{FigureLook.Escape(FigureLook.Label(r.Name))}: {r.Tokens:0.0} tokens<br>{FigureLook.Percent(r.Accuracy)} [{FigureLook.Percent(r.Low)}, {FigureLook.Percent(r.High)}], n = {r.N}")),
                    ["hovertemplate"] = "%{text}<extra></extra>",
                });
            }
        }

        canvas.Legend(20 - 84, -30);
        return new Figure(text.Id ?? "thinking", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(rows)], canvas.ToJson());
    }

    /// <summary>Points of nearly one length are moved apart by a few percent, or they would hide each other.</summary>
    private static double Aside(ThinkingRow row, IReadOnlyList<ThinkingRow> panel)
    {
        var near = panel.Where(r => Math.Abs(Math.Log(r.Tokens / row.Tokens)) < 0.03).ToList();
        return 1 + (0.05 * (near.IndexOf(row) - ((near.Count - 1) / 2.0)));
    }
}
