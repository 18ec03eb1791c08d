using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>Models over benchmarks as dots with whiskers: one lane a benchmark, one colour and symbol a model.</summary>
public static class BenchmarkFigure
{
    /// <summary>The most models that colours and symbols still tell apart.</summary>
    public const int MostModels = 7;

    /// <summary>Draws the figure. Benchmarks and models stand in the order in which they first appear.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">At most one row a model, benchmark and origin (published or measured); at most <see cref="MostModels"/> models.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, a row that stands twice, too many models, or an interval that does not hold its point.</exception>
    public static Figure Draw(string title, IReadOnlyList<BenchmarkRow> rows, FigureText? text = null)
    {
        text ??= new FigureText(Interval: "95 % intervals (Wilson)");
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        var models = rows.Select(r => r.Model).Distinct(StringComparer.Ordinal).ToList();
        if (models.Count > MostModels) throw new ArgumentException($"{models.Count} models are too many to tell apart; choose {MostModels} or fewer.", nameof(rows));
        if (rows.GroupBy(r => (r.Benchmark, r.Model, r.Measured)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Key.Model} on {twice.Key.Benchmark} is there {twice.Count()} times; choose one row.", nameof(rows));
        if (rows.FirstOrDefault(r => r.Accuracy is not (>= 0 and <= 1) || r.Low > r.Accuracy || r.High < r.Accuracy || r.Low is null != r.High is null) is { } odd)
            throw new ArgumentException($"{odd.Model} on {odd.Benchmark}: accuracy {odd.Accuracy} and interval [{odd.Low}, {odd.High}] must be fractions in order.", nameof(rows));

        var benchmarks = rows.Select(r => r.Benchmark).Distinct(StringComparer.Ordinal).ToList();
        var lane = 14 + (11 * models.Count);
        var sizes = benchmarks.ToDictionary(b => b, b => rows.Where(r => r.Benchmark == b && r.N is not null).Select(r => r.N!.Value).ToList(), StringComparer.Ordinal);
        var labels = benchmarks.Select(b => FigureLook.Escape(b) + (sizes[b].Count == 0 ? "" : $"<br><span style=\"color:{FigureLook.Faint};font-size:11px\">n = {FigureLook.Range(sizes[b])}</span>")).ToList();
        var left = Math.Clamp(40 + (int)(benchmarks.Max(b => b.Length) * 7.0), 110, 260);
        var without = rows.Count(r => r.N is null);
        var caption = $"Whiskers: {text.Interval}{(without > 0 ? $"; {without} points have none, for their source does not tell n" : "")}. "
            + (rows.Any(r => r.Measured) ? "Filled: published, each with its own protocol; hollow: measured here. " : "All published, each with its own protocol: compare within a source first. ")
            + $"Sources: table.{(text.Note is null ? "" : " " + text.Note)}";
        var names = rows.Select(r => Name(r.Model, r.Measured)).Distinct(StringComparer.Ordinal).ToList();
        var canvas = new ChartCanvas(980, lane * benchmarks.Count, left, 28 + (20 * FigureLook.LegendRows(names, 980 - 40)), 52, title, caption);
        var xAxis = ChartCanvas.Axis(0, 1);
        xAxis["tickvals"] = Enumerable.Range(0, 6).Select(i => i / 5.0);
        xAxis["ticktext"] = Enumerable.Range(0, 6).Select(i => (20 * i).ToString(CultureInfo.InvariantCulture));
        xAxis["title"] = ChartCanvas.AxisTitle("Accuracy (% of questions answered correctly)", 8);
        var yAxis = ChartCanvas.Axis(-benchmarks.Count + 0.5, 0.5, grid: false);
        yAxis["showline"] = false;
        yAxis["tickcolor"] = "rgba(0,0,0,0)";
        yAxis["tickvals"] = Enumerable.Range(0, benchmarks.Count).Select(i => -i);
        yAxis["ticktext"] = labels;
        var panel = canvas.Panel(0, 0, canvas.PlotWidth, lane * benchmarks.Count, xAxis, yAxis);
        for (var b = 1; b < benchmarks.Count; b += 2) canvas.Band(panel, -b - 0.5, -b + 0.5);
        canvas.Legend(20 - left, -8);
        var styles = FigureLook.Styles(models);
        var step = 0.76 / Math.Max(1, models.Count);
        foreach (var part in rows.GroupBy(r => (r.Model, r.Measured)).OrderBy(g => models.IndexOf(g.Key.Model)).ThenBy(g => g.Key.Measured))
        {
            var (color, symbol) = styles[part.Key.Model];
            // A measurement stands a little below what was published of the same model, so that equal numbers do not hide each other.
            var offset = ((((models.Count - 1) / 2.0) - models.IndexOf(part.Key.Model)) * step) - (part.Key.Measured ? 0.4 * step : 0);
            canvas.Scatter(panel, new()
            {
                ["x"] = part.Select(r => Math.Round(r.Accuracy, 6)),
                ["y"] = part.Select(r => Math.Round(-benchmarks.IndexOf(r.Benchmark) + offset, 4)),
                ["mode"] = "markers",
                ["name"] = FigureLook.Escape(Name(part.Key.Model, part.Key.Measured)),
                ["showlegend"] = true,
                ["marker"] = new { color, symbol = part.Key.Measured ? symbol + "-open" : symbol, size = 9, line = new { color = part.Key.Measured ? color : "#FFFFFF", width = part.Key.Measured ? 1.6 : 0.8 } },
                ["error_x"] = new
                {
                    type = "data",
                    symmetric = false,
                    array = part.Select(r => Math.Round((r.High ?? r.Accuracy) - r.Accuracy, 9)),
                    arrayminus = part.Select(r => Math.Round(r.Accuracy - (r.Low ?? r.Accuracy), 9)),
                    color,
                    thickness = 1.4,
                    width = 0,
                },
                ["text"] = part.Select(r => $"{FigureLook.Escape(r.Model)} on {FigureLook.Escape(r.Benchmark)}: {FigureLook.Percent(r.Accuracy)}{(r is { Low: { } low, High: { } high } ? $" [{FigureLook.Percent(low)}, {FigureLook.Percent(high)}], n = {r.N}" : "")}<br>{FigureLook.Escape(r.Protocol)}<br>{FigureLook.Escape(r.Source)}"),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
        }

        return new Figure(text.Id ?? "benchmarks", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(rows)], canvas.ToJson());
    }

    private static string Name(string model, bool measured) => measured ? model + " (measured)" : model;
}
