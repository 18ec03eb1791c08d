using System.Globalization;

namespace Citrus.Research.Figures;

/// <summary>Cohen's kappa of pairs of judges as dots with whiskers: one panel a kind of judges, one lane a pair.</summary>
public static class AgreementFigure
{
    private const int Lane = 22, Gap = 34;

    /// <summary>Draws the figure. Groups and lanes stand in the order in which they first appear.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">One row a pair of judges.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, or an interval that does not hold its point.</exception>
    public static Figure Draw(string title, IReadOnlyList<AgreementRow> rows, FigureText? text = null)
    {
        text ??= new FigureText();
        if (rows.Count == 0) throw new ArgumentException("There are no rows to draw.", nameof(rows));
        if (rows.FirstOrDefault(r => !(r.Low <= r.Kappa && r.Kappa <= r.High && r.Low >= -1 && r.High <= 1)) is { } odd)
            throw new ArgumentException($"{odd.Group}, {odd.Name}: kappa {odd.Kappa} and interval [{odd.Low}, {odd.High}] must be in order, between -1 and 1.", nameof(rows));
        var groups = rows.GroupBy(r => r.Group, StringComparer.Ordinal).ToList();
        var left = Math.Clamp(70 + (int)(rows.Max(r => r.Name.Length) * 6.3), 150, 400);
        var caption = $"Cohen's kappa (1960): 1 is full agreement, 0 what chance gives. Whiskers: {text.Interval}, n beside each name.{(text.Note is null ? "" : " " + text.Note)}";
        var canvas = new ChartCanvas(980, (rows.Count * Lane) + (Gap * (groups.Count - 1)), left, 34, 52, title, caption);
        var low = Math.Min(-0.1, Math.Floor(rows.Min(r => r.Low) * 10) / 10);
        var y = 0;
        var styles = FigureLook.Styles(groups.Select(g => g.Key));
        foreach (var group in groups)
        {
            var lanes = group.ToList();
            var xAxis = ChartCanvas.Axis(low, 1.03);
            double[] ticks = [.. Enumerable.Range(-5, 11).Select(i => i / 5.0).Where(t => t >= low)];
            xAxis["tickvals"] = ticks;
            xAxis["ticktext"] = ticks.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture));
            xAxis["showticklabels"] = group.Key == groups[^1].Key;
            if (group.Key == groups[^1].Key) xAxis["title"] = ChartCanvas.AxisTitle("Cohen's kappa", 8);
            var yAxis = ChartCanvas.Axis(-lanes.Count + 0.5, 0.5, grid: false);
            yAxis["showline"] = false;
            yAxis["tickcolor"] = "rgba(0,0,0,0)";
            yAxis["tickvals"] = Enumerable.Range(0, lanes.Count).Select(i => -i);
            yAxis["ticktext"] = lanes.Select(r => $"{FigureLook.Escape(r.Name)} <span style=\"color:{FigureLook.Faint};font-size:11px\">n = {r.N.ToString("N0", CultureInfo.InvariantCulture)}</span>");
            var panel = canvas.Panel(0, y, canvas.PlotWidth, lanes.Count * Lane, xAxis, yAxis);
            for (var i = 1; i < lanes.Count; i += 2) canvas.Band(panel, -i - 0.5, -i + 0.5);
            canvas.Line(panel, 0, null, "2px,3px", FigureLook.Faint);
            canvas.Note($"<b>{FigureLook.Escape(group.Key)}</b>", 20 - left, y - 8, "left", "bottom", FigureLook.TextSize, FigureLook.Ink);
            var (color, _) = styles[group.Key];
            canvas.Scatter(panel, new()
            {
                ["x"] = lanes.Select(r => Math.Round(r.Kappa, 6)),
                ["y"] = lanes.Select((_, i) => -i),
                ["mode"] = "markers",
                ["showlegend"] = false,
                ["marker"] = FigureLook.Marker(styles[group.Key]),
                ["error_x"] = new
                {
                    type = "data",
                    symmetric = false,
                    array = lanes.Select(r => Math.Round(r.High - r.Kappa, 9)),
                    arrayminus = lanes.Select(r => Math.Round(r.Kappa - r.Low, 9)),
                    color,
                    thickness = 1.5,
                    width = 0,
                },
                ["text"] = lanes.Select(r => string.Create(CultureInfo.InvariantCulture, $"{FigureLook.Escape(r.Name)}: {r.Kappa:0.00} [{r.Low:0.00}, {r.High:0.00}]<br>both yes {r.BothYes}, only first {r.OnlyFirst}, only second {r.OnlySecond}, neither {r.BothNo}")),
                ["hovertemplate"] = "%{text}<extra></extra>",
            });
            y += (lanes.Count * Lane) + Gap;
        }

        return new Figure(text.Id ?? "agreement", title, caption, canvas.Width, canvas.Height, [FigureTable.Of(rows)], canvas.ToJson());
    }

    /// <summary>What a kappa is called: the words of Landis and Koch (Biometrics 1977; 33: 159-174), which are a convention and no more.</summary>
    internal static string Word(double kappa) => kappa switch
    {
        > 0.8 => "almost fully",
        > 0.6 => "substantially",
        > 0.4 => "moderately",
        > 0.2 => "fairly",
        > 0 => "slightly",
        _ => "no more than chance",
    };
}
