using System.Globalization;
using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Figures;

/// <summary>Reliability diagrams: how often answers of each confidence are right, one panel a model, and below how many there are.</summary>
public static class CalibrationFigure
{
    /// <summary>A bin of fewer answers tells next to nothing and is drawn hollow.</summary>
    private const int Few = 10;

    private const int Upper = 320, Lower = 70, Between = 16, Gap = 40;

    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="models">Each model's name and calibration; all with the same bins.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No models, more than four, or bins that differ.</exception>
    public static Figure Draw(string title, IReadOnlyList<(string Name, Calibration Calibration)> models, FigureText? text = null)
    {
        text ??= new FigureText(Interval: "95 % intervals (Wilson)");
        if (models.Count is 0 or > 4) throw new ArgumentException($"A figure holds one to four models; there are {models.Count}.", nameof(models));
        var bins = models[0].Calibration.Bins.Count;
        if (models.Any(m => m.Calibration.Bins.Count != bins)) throw new ArgumentException("All models need the same bins.", nameof(models));
        var rows = models.SelectMany(m => CalibrationRow.Of(m.Name, m.Calibration)).ToList();
        var total = models.Count == 1 ? 620 : Math.Min(1180, 100 + (models.Count * 370));
        var caption = $"Confidence: probability of the likeliest option, in {bins} bins of equal width; a point stands at its bin's mean confidence. Whiskers: {text.Interval} of the bin's accuracy; n = {FigureLook.Range(models.Select(m => m.Calibration.N))} questions a model, below how many in each bin; hollow: fewer than {Few}. "
            + $"Dashed: as often right as sure. ECE: mean distance from it, weighted by n (Guo et al. 2017); Brier: squared distance of the probabilities from the truth, summed over options, 0 to 2.{(text.Note is null ? "" : " " + text.Note)}";
        var canvas = new ChartCanvas(total, Upper + Between + Lower, 74, 56, 56, title, caption);
        var width = (canvas.PlotWidth - (Gap * (models.Count - 1))) / (double)models.Count;
        for (var m = 0; m < models.Count; m++)
        {
            var (name, calibration) = models[m];
            var x = m * (width + Gap);
            var style = FigureLook.Styles(models.Select(o => o.Name))[name];
            var here = rows.Where(r => r.Name == name && r.N > 0).ToList();
            var xAxis = InPercent(ticks: false);
            var yAxis = InPercent(ticks: true);
            if (m == 0) yAxis["title"] = ChartCanvas.AxisTitle("Accuracy (% right)", 10);
            var panel = canvas.Panel(x, 0, width, Upper, xAxis, yAxis);
            canvas.Note($"<b>{FigureLook.Escape(FigureLook.Label(name))}</b>", x, -28, "left", "bottom", FigureLook.TextSize, FigureLook.Ink);
            canvas.Note(string.Create(CultureInfo.InvariantCulture, $"sure {100 * calibration.Confidence:0.0} %, right {100 * calibration.Accuracy:0.0} %, ECE {calibration.ExpectedError:0.000}, Brier {calibration.Brier:0.000}"),
                x, -10, "left", "bottom", FigureLook.CaptionSize, FigureLook.Ink);
            canvas.Scatter(panel, new()
            {
                ["x"] = (double[])[0, 1],
                ["y"] = (double[])[0, 1],
                ["mode"] = "lines",
                ["line"] = new { color = FigureLook.Faint, width = 1.4, dash = "6px,4px" },
                ["hoverinfo"] = "skip",
                ["showlegend"] = false,
            });
            canvas.Scatter(panel, new()
            {
                ["x"] = here.Select(r => Math.Round(r.Confidence!.Value, 6)),
                ["y"] = here.Select(r => Math.Round(r.Accuracy!.Value, 6)),
                ["mode"] = "markers",
                ["showlegend"] = false,
                ["marker"] = new { color = style.Color, symbol = here.Select(r => r.N < Few ? style.Symbol + "-open" : style.Symbol), size = 9, line = new { color = here.Select(r => r.N < Few ? style.Color : "#FFFFFF"), width = 1.2 } },
                ["error_y"] = new
                {
                    type = "data",
                    symmetric = false,
                    array = here.Select(r => Math.Round(Math.Max(0, r.High!.Value - r.Accuracy!.Value), 9)),
                    arrayminus = here.Select(r => Math.Round(Math.Max(0, r.Accuracy!.Value - r.Low!.Value), 9)),
                    color = style.Color,
                    thickness = 1.5,
                    width = 0,
                },
                ["text"] = here.Select(r => string.Create(CultureInfo.InvariantCulture, $"confidence {100 * r.Bin:0} to {100 * r.To:0} %, n = {r.N}<br>right {FigureLook.Percent(r.Accuracy!.Value)} [{FigureLook.Percent(r.Low!.Value)}, {FigureLook.Percent(r.High!.Value)}]")),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
            Counts(canvas, x, width, [.. rows.Where(r => r.Name == name)], style.Color, rows.Max(r => r.N), first: m == 0);
        }

        return new Figure(text.Id ?? "calibration", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(rows)], canvas.ToJson());
    }

    /// <summary>Bars drawn as thick lines, for a bar trace would need axes of its own.</summary>
    private static void Counts(ChartCanvas canvas, double x, double width, List<CalibrationRow> bins, string color, int most, bool first)
    {
        var xAxis = InPercent(ticks: true);
        xAxis["title"] = ChartCanvas.AxisTitle("Confidence (%)", 8);
        var yAxis = ChartCanvas.Axis(0, most * 1.05, grid: false);
        yAxis["nticks"] = 3;
        if (first) yAxis["title"] = ChartCanvas.AxisTitle("Answers", 10);
        var panel = canvas.Panel(x, Upper + Between, width, Lower, xAxis, yAxis);
        foreach (var bin in bins.Where(b => b.N > 0))
        {
            canvas.Scatter(panel, new()
            {
                ["x"] = (double[])[bin.Bin + 0.006, bin.Bin + 0.006, bin.To - 0.006, bin.To - 0.006],
                ["y"] = (int[])[0, bin.N, bin.N, 0],
                ["mode"] = "lines",
                ["fill"] = "toself",
                ["fillcolor"] = color,
                ["line"] = new { color, width = 0 },
                ["hoverinfo"] = "skip",
                ["showlegend"] = false,
            });
        }
    }

    private static Dictionary<string, object?> InPercent(bool ticks)
    {
        var axis = ChartCanvas.Axis(0, 1.02);
        axis["tickvals"] = Enumerable.Range(0, 6).Select(i => i / 5.0);
        axis["ticktext"] = Enumerable.Range(0, 6).Select(i => (20 * i).ToString(CultureInfo.InvariantCulture));
        axis["showticklabels"] = ticks;
        return axis;
    }
}
