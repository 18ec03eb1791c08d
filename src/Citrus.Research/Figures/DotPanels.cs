using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>
/// Points with interval whiskers: one line of points per group (an arm, a chain of stages), panels across by kind of question and down by block, colour and symbol by
/// student size, lines for the Bayes ceiling and for chance.
/// </summary>
internal static class DotPanels
{
    public static Figure Draw(string id, string title, FigureText text, IReadOnlyList<PathwayRow> rows, FigureTable table)
    {
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        var blocks = rows.Select(r => r.Budget).Distinct(StringComparer.Ordinal).ToList();
        var kinds = rows.Select(r => r.Kind).Distinct(StringComparer.Ordinal).OrderBy(k => k == "overall" ? 0 : 1).ToList();
        var arms = rows.Select(r => r.Arm).Distinct(StringComparer.Ordinal).ToList();
        var sizes = rows.OrderBy(r => r.Parameters).Select(r => r.Size).Distinct(StringComparer.Ordinal).ToList();
        var points = rows.GroupBy(r => (r.Budget, r.Kind, r.Arm, r.Size)).ToDictionary(g => g.Key, SeedGroup.Of);
        var several = points.Values.Any(p => p.Singles.Count > 1);
        var seeds = rows.Where(r => r.Seed is not null).Select(r => r.Seed).Distinct().Count();

        var labels = arms.Select(a => FigureLook.Wrap(FigureLook.Label(a), 24, out _)).ToList();
        var longest = labels.SelectMany(l => l.Split("<br>")).Max(l => l.Length);
        var left = Math.Clamp(40 + (int)(longest * 6.9), 110, 220);
        var lane = Math.Max(34, 12 + ((several ? 15 : 12) * sizes.Count));
        const int gapAcross = 26, gapDown = 64, header = 66;
        var panelHeight = lane * arms.Count;
        var width = Math.Max(700, left + 24 + (kinds.Count * 215));
        var caption = $"Whiskers: {text.Interval}{(seeds > 1 ? $"; {seeds} seeds{(several ? " (small dots: single seeds)" : "")}" : seeds == 1 ? "; one seed" : "")}. "
            + $"Dashed line: Bayes ceiling, the best possible accuracy; dotted line: chance. n = questions{(seeds > 1 ? ", each asked of every seed's student" : "")}.{(text.Note is null ? "" : " " + text.Note)}";
        var canvas = new ChartCanvas(width, (panelHeight * blocks.Count) + (gapDown * (blocks.Count - 1)), left, header, 52, title, caption);
        var panelWidth = (canvas.PlotWidth - (gapAcross * (kinds.Count - 1))) / (double)kinds.Count;

        var low = Math.Max(0, Math.Floor((Math.Min(rows.Min(r => r.Low), rows.Min(r => r.Chance)) - 0.02) * 20) / 20);
        var high = Math.Min(1.02, (Math.Ceiling((Math.Max(rows.Max(r => r.High), rows.Max(r => r.Ceiling)) + 0.01) * 20) / 20) + 0.005);
        var step = sizes.Count == 1 ? 0 : Math.Min(0.3, 0.72 / (sizes.Count - 1));
        for (var b = 0; b < blocks.Count; b++)
        {
            var y = b * (panelHeight + gapDown);
            if (blocks[b].Length > 0)
                canvas.Note($"<b>{FigureLook.Escape(FigureLook.Capital(blocks[b]))}</b>", 20 - left, y - 8, "left", "bottom", FigureLook.TextSize, FigureLook.Ink);
            for (var k = 0; k < kinds.Count; k++)
            {
                var here = points.Where(p => p.Key.Budget == blocks[b] && p.Key.Kind == kinds[k]).Select(p => p.Value.Main).ToList();
                if (here.Count == 0) continue;
                var x = k * (panelWidth + gapAcross);
                var panel = canvas.Panel(x, y, panelWidth, panelHeight, XAxis(low, high), YAxis(arms.Count, k == 0 ? labels : null));
                canvas.Note($"{FigureLook.Escape(FigureLook.Capital(kinds[k]))} <span style=\"color:{FigureLook.Faint};font-size:11px\">n = {FigureLook.Range(here.Select(r => r.N))}</span>",
                    x + (panelWidth / 2), y - 8, "center", "bottom", FigureLook.TextSize, FigureLook.Ink);
                for (var a = 1; a < arms.Count; a += 2) canvas.Band(panel, -a - 0.5, -a + 0.5);
                canvas.Line(panel, Math.Round(here.Average(r => r.Ceiling), 6), null, "6px,4px", FigureLook.Ink);
                canvas.Line(panel, Math.Round(here.Average(r => r.Chance), 6), null, "2px,3px", FigureLook.Faint);
                for (var s = 0; s < sizes.Count; s++)
                {
                    var offset = ((sizes.Count - 1) / 2.0 * step) - (s * step);
                    var groups = arms.Select((arm, a) => (Y: Math.Round(-a + offset, 4), Found: points.GetValueOrDefault((blocks[b], kinds[k], arm, sizes[s]))))
                        .Where(g => g.Found is not null).Select(g => (g.Y, Group: g.Found!)).ToList();
                    AddPoints(canvas, panel, groups, sizes[s], FigureLook.Ordered(s, sizes.Count), dots: 6.5 / lane, legend: b == 0 && k == 0);
                }
            }
        }

        canvas.Note("Accuracy (% of questions answered correctly)", canvas.PlotWidth / 2.0, canvas.PlotHeight + 28, "center", "top", FigureLook.TextSize, FigureLook.Ink);
        canvas.Legend(-4, -32);
        canvas.Note(sizes.Any(s => s.Contains(' ', StringComparison.Ordinal)) ? "Student, parameters" : "Student size (parameters)", 20 - left, -36, "left", "bottom", FigureLook.TextSize, FigureLook.Faint);
        return new Figure(text.Id ?? id, title, caption, canvas.Width, canvas.Height, [table], canvas.ToJson());
    }

    private static void AddPoints(ChartCanvas canvas, int panel, List<(double Y, SeedGroup Group)> groups, string size, (string Color, string Symbol) style, double dots, bool legend)
    {
        if (groups.Count == 0) return;
        var single = groups.Where(g => g.Group.Singles.Count > 1).SelectMany(g => g.Group.Singles.Select(r => (g.Y, Row: r))).ToList();
        if (single.Count > 0)
            canvas.Scatter(panel, new()
            {
                ["x"] = single.Select(p => p.Row.Accuracy),
                ["y"] = single.Select(p => Math.Round(p.Y - dots, 4)),
                ["mode"] = "markers",
                ["marker"] = new { color = style.Color, size = 4, opacity = 0.6 },
                ["text"] = single.Select(p => $"{FigureLook.Label(p.Row.Arm)}, {p.Row.Size}, seed {p.Row.Seed?.ToString(CultureInfo.InvariantCulture)}: {FigureLook.Percent(p.Row.Accuracy)}"),
                ["hovertemplate"] = "%{text}<extra></extra>",
                ["showlegend"] = false,
                ["legendgroup"] = size,
            });
        var main = groups.Select(g => (g.Y, Row: g.Group.Main)).ToList();
        canvas.Scatter(panel, new()
        {
            ["x"] = main.Select(p => p.Row.Accuracy),
            ["y"] = main.Select(p => p.Y),
            ["mode"] = "markers",
            ["name"] = FigureLook.Escape(size),
            ["legendgroup"] = size,
            ["showlegend"] = legend,
            ["marker"] = FigureLook.Marker(style),
            ["error_x"] = new
            {
                type = "data",
                symmetric = false,
                array = main.Select(p => Math.Round(Math.Max(0, p.Row.High - p.Row.Accuracy), 9)),
                arrayminus = main.Select(p => Math.Round(Math.Max(0, p.Row.Accuracy - p.Row.Low), 9)),
                color = style.Color,
                thickness = 1.6,
                width = 0,
            },
            ["text"] = main.Select(p => $"{FigureLook.Label(p.Row.Arm)}, {p.Row.Size}<br>{FigureLook.Percent(p.Row.Accuracy)} [{FigureLook.Percent(p.Row.Low)}, {FigureLook.Percent(p.Row.High)}], n = {p.Row.N.ToString(CultureInfo.InvariantCulture)}"),
            ["hovertemplate"] = "%{text}<extra></extra>",
        });
    }

    private static Dictionary<string, object?> XAxis(double low, double high)
    {
        var axis = ChartCanvas.Axis(low, high);
        // The axis title says percent: with a sign at each number the last of one panel and the first of the next would touch.
        var step = high - low > 0.45 ? 20 : high - low > 0.22 ? 10 : 5;
        var ticks = Enumerable.Range(0, 21).Select(i => i * step).Where(t => t >= (low * 100) - 0.01 && t <= (high * 100) + 0.01).ToList();
        axis["tickvals"] = ticks.Select(t => t / 100.0);
        axis["ticktext"] = ticks.Select(t => t.ToString(CultureInfo.InvariantCulture));
        axis["tickfont"] = new { size = 12 };
        return axis;
    }

    private static Dictionary<string, object?> YAxis(int count, IReadOnlyList<string>? labels)
    {
        var axis = ChartCanvas.Axis(-count + 0.5, 0.5, grid: false);
        axis["showline"] = false;
        axis["tickcolor"] = "rgba(0,0,0,0)";
        axis["tickvals"] = Enumerable.Range(0, count).Select(i => -i);
        axis["ticktext"] = labels ?? [.. Enumerable.Repeat("", count)];
        axis["showticklabels"] = labels is not null;
        return axis;
    }
}
