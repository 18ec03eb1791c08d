using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>Accuracy against model size: our students, and beside them what was published on MedQA.</summary>
public static class ScalingFigure
{
    private const int PanelHeight = 360;

    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">One row per arm and size; seeds as in <see cref="PathwayFigure.Draw"/>.</param>
    /// <param name="published">Published accuracies for the second panel; null draws the first alone. Models of unknown size stay in the table only.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, or rows that do not fit; see <see cref="PathwayFigure.Draw"/>.</exception>
    public static Figure Draw(string title, IReadOnlyList<ScalingRow> rows, IReadOnlyList<PublishedRow>? published = null, FigureText? text = null)
    {
        text ??= new FigureText();
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        var groups = rows.GroupBy(r => (r.Arm, r.Size)).Select(g => SeedGroup.Of(g.Select(Point))).ToList();
        var seeds = rows.Where(r => r.Seed is not null).Select(r => r.Seed).Distinct().Count();
        var sized = published?.Where(p => p.Billions > 0).ToList() ?? [];
        var fits = sized.GroupBy(p => p.Medical).OrderBy(g => g.Key).Where(g => g.Select(p => p.Billions).Distinct().Count() > 1).Select(g => (Medical: g.Key, Fit: LogFit([.. g]))).ToList();
        var caption = $"{(sized.Count > 0 ? "Left: " : "")}whiskers: {text.Interval}{(seeds > 1 ? $"; {seeds} seeds{(groups.Any(g => g.Singles.Count > 1) ? " (small dots)" : "")}" : seeds == 1 ? "; one seed" : "")}; n = {FigureLook.Range(groups.Select(g => g.Main.N))} questions per point{(seeds > 1 ? ", each asked of every seed's student" : "")}; "
            + "dashed line: Bayes ceiling, dotted line: chance. "
            + (sized.Count == 0 ? "" : $"Right: {sized.Count} published MedQA results of models of known size{(published!.Count > sized.Count ? $" ({published.Count - sized.Count} of unknown size are in the table only)" : "")}, "
                + $"with their own protocols; lines: log-linear fits ({string.Join(", ", fits.Select(f => $"{(f.Medical ? "medical" : "general")}: {Signed(f.Fit.Slope)} points per tenfold size, R² = {f.Fit.R2.ToString("0.00", CultureInfo.InvariantCulture)}"))}). Sources: published table. ")
            + text.Note;
        caption = FigureLook.Capital(caption.Trim());
        var arms = rows.Select(r => r.Arm).Distinct(StringComparer.Ordinal).ToList();
        var labels = arms.ToDictionary(a => a, a => FigureLook.Wrap(FigureLook.Label(a), 22, out _), StringComparer.Ordinal);
        var labelWidth = 16 + (int)(labels.Values.SelectMany(l => l.Split("<br>")).Max(l => l.Length) * 7.0);
        var canvas = new ChartCanvas(sized.Count > 0 ? 1160 : 700, PanelHeight, 84, sized.Count > 0 ? 42 : 20, 56, title, caption);
        const int gap = 76;
        var width = sized.Count > 0 ? (canvas.PlotWidth - labelWidth - gap) * 0.47 : canvas.PlotWidth - labelWidth;
        Measured(canvas, width, groups, labels, heading: sized.Count > 0);
        var x = width + labelWidth + gap;
        if (sized.Count > 0) Published(canvas, x, canvas.PlotWidth - x, sized, fits);
        List<FigureTable> tables = [FigureTable.Of(rows)];
        if (published is not null) tables.Add(FigureTable.Of(published, "published"));
        return new Figure(text.Id ?? "scaling", title, caption, canvas.Width, canvas.Height, tables, canvas.ToJson());
    }

    private static PathwayRow Point(ScalingRow r) => new("", r.Arm, r.Size, r.Parameters, "overall", r.Seed, r.N, r.Accuracy, r.Low, r.High, r.Ceiling, r.Chance);

    private static void Measured(ChartCanvas canvas, double width, List<SeedGroup> groups, Dictionary<string, string> labels, bool heading)
    {
        var arms = labels.Keys.ToList();
        var main = groups.Select(g => g.Main).ToList();
        var sizes = main.Select(r => (r.Parameters, r.Size)).Distinct().OrderBy(s => s.Parameters).ToList();
        var (least, most) = (Math.Log10(sizes[0].Parameters), Math.Log10(sizes[^1].Parameters));
        var pad = Math.Max(0.15, (most - least) * 0.08);
        var low = Math.Max(0, Math.Floor((Math.Min(main.Min(r => r.Low), main.Min(r => r.Chance)) - 0.02) * 20) / 20);
        var high = Math.Min(1.02, (Math.Ceiling((Math.Max(main.Max(r => r.High), main.Max(r => r.Ceiling)) + 0.01) * 20) / 20) + 0.005);
        var xAxis = ChartCanvas.Axis(least - pad, most + pad, grid: false);
        xAxis["type"] = "log";
        xAxis["tickvals"] = sizes.Select(s => s.Parameters);
        xAxis["ticktext"] = sizes.Select(s => FigureLook.Escape(s.Size));
        xAxis["title"] = ChartCanvas.AxisTitle("Student size (parameters, log scale)", 8);
        var yAxis = ChartCanvas.Axis(low, high);
        yAxis["tickformat"] = ".0%";
        yAxis["title"] = ChartCanvas.AxisTitle("Accuracy, all question kinds", 10);
        var panel = canvas.Panel(0, 0, width, PanelHeight, xAxis, yAxis);
        if (heading) canvas.Note("<b>Measured: students in this study</b>", 0, -8, "left", "bottom", 14, FigureLook.Ink);
        canvas.Line(panel, null, Math.Round(main.Average(r => r.Ceiling), 6), "6px,4px", FigureLook.Ink);
        canvas.Line(panel, null, Math.Round(main.Average(r => r.Chance), 6), "2px,3px", FigureLook.Faint);
        var styles = FigureLook.Styles(arms);
        var shift = Math.Min(0.02, (most - least) * 0.012);
        for (var a = 0; a < arms.Count; a++)
        {
            var arm = arms[a];
            var style = styles[arm];
            var factor = Math.Pow(10, (a - ((arms.Count - 1) / 2.0)) * shift);
            var line = groups.Where(g => g.Main.Arm == arm).OrderBy(g => g.Main.Parameters).ToList();
            var single = line.Where(g => g.Singles.Count > 1).SelectMany(g => g.Singles).ToList();
            if (single.Count > 0)
                canvas.Scatter(panel, new()
                {
                    ["x"] = single.Select(r => Math.Round(r.Parameters * factor, 1)),
                    ["y"] = single.Select(r => r.Accuracy),
                    ["mode"] = "markers",
                    ["marker"] = new { color = style.Color, size = 4, opacity = 0.5 },
                    ["hoverinfo"] = "skip",
                    ["showlegend"] = false,
                });
            canvas.Scatter(panel, new()
            {
                ["x"] = line.Select(g => Math.Round(g.Main.Parameters * factor, 1)),
                ["y"] = line.Select(g => g.Main.Accuracy),
                ["mode"] = "lines+markers",
                ["name"] = FigureLook.Escape(FigureLook.Label(arm)),
                ["showlegend"] = false,
                ["line"] = new { color = style.Color, width = 2 },
                ["marker"] = FigureLook.Marker(style),
                ["error_y"] = new
                {
                    type = "data",
                    symmetric = false,
                    array = line.Select(g => Math.Round(Math.Max(0, g.Main.High - g.Main.Accuracy), 9)),
                    arrayminus = line.Select(g => Math.Round(Math.Max(0, g.Main.Accuracy - g.Main.Low), 9)),
                    color = style.Color,
                    thickness = 1.5,
                    width = 0,
                },
                ["text"] = line.Select(g => $"{FigureLook.Label(arm)}, {g.Main.Size}<br>{FigureLook.Percent(g.Main.Accuracy)} [{FigureLook.Percent(g.Main.Low)}, {FigureLook.Percent(g.Main.High)}], n = {g.Main.N.ToString(CultureInfo.InvariantCulture)}"),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
        }

        NameLines(canvas, width, groups, labels, styles, low, high);
    }

    /// <summary>Writes each line's name at its right end, moved up or down where names would touch.</summary>
    private static void NameLines(
        ChartCanvas canvas, double width, List<SeedGroup> groups, Dictionary<string, string> labels, Dictionary<string, (string Color, string Symbol)> styles, double low, double high)
    {
        double Pixel(double accuracy) => (high - accuracy) / (high - low) * PanelHeight;
        var names = groups.GroupBy(g => g.Main.Arm).Select(g => g.MaxBy(p => p.Main.Parameters)!.Main)
            .Select(r => (r.Arm, At: Pixel(r.Accuracy), Height: 17.0 * labels[r.Arm].Split("<br>").Length)).OrderBy(n => n.At).ToList();
        var centers = new double[names.Count];
        for (var i = 0; i < names.Count; i++)
            centers[i] = Math.Max(names[i].At, i == 0 ? names[i].Height / 2 : centers[i - 1] + ((names[i - 1].Height + names[i].Height) / 2));
        // A crowd that was only pushed down is moved back up by half of what it was pushed.
        for (var first = 0; first < names.Count;)
        {
            var last = first;
            while (last + 1 < names.Count && centers[last + 1] - centers[last] <= ((names[last].Height + names[last + 1].Height) / 2) + 0.01) last++;
            var room = centers[first] - (first == 0 ? names[0].Height / 2 : centers[first - 1] + ((names[first - 1].Height + names[first].Height) / 2));
            var back = Math.Min(Math.Max(0, room), (centers[last] - names[last].At) / 2);
            for (var i = first; i <= last; i++) centers[i] -= back;
            first = last + 1;
        }

        for (var i = 0; i < names.Count; i++)
            canvas.Note(labels[names[i].Arm], width + 6, centers[i], "left", "middle", FigureLook.TextSize, FigureLook.TextColor(styles[names[i].Arm].Color));
    }

    private static void Published(ChartCanvas canvas, double x, double width, List<PublishedRow> rows, List<(bool Medical, (double Intercept, double Slope, double R2) Fit)> fits)
    {
        var (least, most) = (Math.Log10(rows.Min(r => r.Billions!.Value)), Math.Log10(rows.Max(r => r.Billions!.Value)));
        var xAxis = ChartCanvas.Axis(least - 0.25, most + 0.3, grid: false);
        xAxis["type"] = "log";
        double[] ticks = [0.1, 0.5, 1, 2, 4, 8, 14, 32, 70, 200, 700];
        xAxis["tickvals"] = ticks;
        xAxis["ticktext"] = ticks.Select(t => t.ToString(CultureInfo.InvariantCulture) + "B");
        xAxis["title"] = ChartCanvas.AxisTitle("Model size (parameters, log scale)", 8);
        var yAxis = ChartCanvas.Axis(Math.Max(0, (Math.Floor(rows.Min(r => r.Percent) / 10) * 10) - 5), 100);
        yAxis["ticksuffix"] = "%";
        yAxis["dtick"] = 20;
        yAxis["title"] = ChartCanvas.AxisTitle("MedQA accuracy as published", 10);
        var panel = canvas.Panel(x, 0, width, PanelHeight, xAxis, yAxis);
        canvas.Note("<b>Published: MedQA by model size</b>", x, -8, "left", "bottom", 14, FigureLook.Ink);
        canvas.Legend(x + width, PanelHeight - 4, column: true);
        foreach (var (medical, fit) in fits)
        {
            var group = rows.Where(r => r.Medical == medical).ToList();
            double[] ends = [group.Min(r => r.Billions!.Value), group.Max(r => r.Billions!.Value)];
            canvas.Scatter(panel, new()
            {
                ["x"] = ends,
                ["y"] = ends.Select(e => Math.Round(fit.Intercept + (fit.Slope * Math.Log10(e)), 4)),
                ["mode"] = "lines",
                ["line"] = new { color = Style(medical).Color, width = 1.4, dash = medical ? "dashdot" : "dash" },
                ["hoverinfo"] = "skip",
                ["showlegend"] = false,
            });
        }

        foreach (var group in rows.GroupBy(r => r.Medical).OrderBy(g => g.Key))
            canvas.Scatter(panel, new()
            {
                ["x"] = group.Select(r => r.Billions),
                ["y"] = group.Select(r => r.Percent),
                ["mode"] = "markers",
                ["name"] = group.Key ? "Trained for medicine" : "General model",
                ["marker"] = new { color = Style(group.Key).Color, symbol = Style(group.Key).Symbol, size = 8, opacity = 0.8, line = new { color = "#FFFFFF", width = 0.6 } },
                ["text"] = group.Select(r => FigureLook.Escape($"{r.Model}: {r.Percent.ToString("0.0", CultureInfo.InvariantCulture)} %") + "<br>" + FigureLook.Escape(r.Setting) + "<br>" + FigureLook.Escape(r.Source)),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
        foreach (var (row, above) in Landmarks(rows))
            canvas.Label(panel, FigureLook.Escape(row.Model), Math.Round(Math.Log10(row.Billions!.Value), 5), row.Percent, 0, above ? -8 : 8, FigureLook.TextColor(Style(row.Medical).Color));
    }

    /// <summary>A few models worth a name: the best below 1, 3, 6 and 16 billion, the best of all with a known size, and the worst of the mid-sized.</summary>
    private static IEnumerable<(PublishedRow Row, bool Above)> Landmarks(List<PublishedRow> rows)
    {
        (double From, double To)[] classes = [(0, 1), (1, 3), (6, 16), (60, 80), (300, 5000)];
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (from, to) in classes)
            if (rows.Where(r => r.Billions >= from && r.Billions < to).OrderByDescending(r => r.Percent).ThenBy(r => r.Model, StringComparer.Ordinal).FirstOrDefault() is { } best && named.Add(best.Model))
                yield return (best, true);
        if (rows.Where(r => r.Billions >= 6).OrderBy(r => r.Percent).ThenBy(r => r.Model, StringComparer.Ordinal).FirstOrDefault() is { } worst && named.Add(worst.Model))
            yield return (worst, false);
    }

    private static (string Color, string Symbol) Style(bool medical) => medical ? ("#D55E00", "diamond") : ("#0072B2", "circle");

    /// <summary>Least squares of percent on log10 of size.</summary>
    private static (double Intercept, double Slope, double R2) LogFit(List<PublishedRow> rows)
    {
        var x = rows.Select(r => Math.Log10(r.Billions!.Value)).ToList();
        var y = rows.Select(r => r.Percent).ToList();
        var (mx, my) = (x.Average(), y.Average());
        var sxy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        var sxx = x.Sum(a => (a - mx) * (a - mx));
        var syy = y.Sum(b => (b - my) * (b - my));
        var slope = sxy / sxx;
        return (my - (slope * mx), slope, syy == 0 ? 1 : sxy * sxy / (sxx * syy));
    }

    private static string Signed(double value) => value.ToString("+0.0;−0.0", CultureInfo.InvariantCulture);
}
