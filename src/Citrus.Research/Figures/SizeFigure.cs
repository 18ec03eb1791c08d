using System.Globalization;
using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Figures;

/// <summary>Accuracy against model size, published and measured together; below, how far each published number lies from its group's line.</summary>
public static class SizeFigure
{
    private const int Upper = 400, Lower = 150, Gap = 46;
    private static readonly double[] Ticks = [0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 4, 8, 14, 32, 70, 200, 700];

    /// <summary>Draws the figure.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">Models of unknown size stay in the table only.</param>
    /// <param name="chance">Accuracy of guessing, a fraction.</param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No row has a size, or an interval does not hold its point.</exception>
    public static Figure Draw(string title, IReadOnlyList<SizeRow> rows, double chance, FigureText? text = null)
    {
        text ??= new FigureText(Interval: "95 % intervals (Wilson)");
        var sized = rows.Where(r => r.Billions > 0).ToList();
        if (sized.Count == 0) throw new ArgumentException("There are no rows of a known size to draw.", nameof(rows));
        if (rows.FirstOrDefault(r => !(r.Low >= 0 && r.Low <= r.Accuracy && r.Accuracy <= r.High && r.High <= 1)) is { } odd)
            throw new ArgumentException($"{odd.Model}: accuracy {odd.Accuracy} and interval [{odd.Low}, {odd.High}] must be fractions in order.", nameof(rows));
        var fits = Fits(rows);
        var caption = Caption(rows, sized, fits, text);
        var names = sized.Select(r => Name(r.Group, r.Checked)).Distinct(StringComparer.Ordinal).ToList();
        var canvas = new ChartCanvas(1000, Upper + Gap + Lower, 86, 28 + (20 * FigureLook.LegendRows(names, 1000 - 40)), 56, title, caption);
        var (least, most) = (Math.Log10(sized.Min(r => r.Billions!.Value)), Math.Log10(sized.Max(r => r.Billions!.Value)));
        // Room for half a name at either end.
        (least, most) = (least - Math.Max(0.2, 0.12 * (most - least)), most + Math.Max(0.25, 0.07 * (most - least)));
        var bottom = Math.Max(0, Math.Floor((Math.Min(sized.Min(r => r.Low), chance) - 0.02) * 10) / 10);
        var yAxis = ChartCanvas.Axis(bottom, 1);
        yAxis["tickformat"] = ".0%";
        yAxis["title"] = ChartCanvas.AxisTitle("Accuracy", 10);
        var top = canvas.Panel(0, 0, canvas.PlotWidth, Upper, XAxis(least, most, named: false), yAxis);
        canvas.Line(top, null, chance, "2px,3px", FigureLook.Faint);
        canvas.Legend(20 - 86, -8);

        var reach = Math.Max(10, Math.Ceiling(fits.SelectMany(f => f.Line.Residuals).Select(Math.Abs).DefaultIfEmpty(10).Max() / 10) * 10);
        var rAxis = ChartCanvas.Axis(-reach - 4, reach + 4);
        rAxis["dtick"] = 20;
        rAxis["title"] = ChartCanvas.AxisTitle("Points from<br>own line", 10);
        var below = canvas.Panel(0, Upper + Gap, canvas.PlotWidth, Lower, XAxis(least, most, named: true), rAxis);
        canvas.Line(below, null, 0, "solid", FigureLook.Ink);

        foreach (var (group, line, points) in fits)
        {
            double[] ends = [points.Min(p => p.Billions!.Value), points.Max(p => p.Billions!.Value)];
            canvas.Scatter(top, new()
            {
                ["x"] = ends,
                ["y"] = ends.Select(e => Math.Round(line.At(Math.Log10(e)) / 100, 6)),
                ["mode"] = "lines",
                ["line"] = new { color = Style(group).Color, width = 1.4, dash = group == SizeRow.Medical ? "dashdot" : "dash" },
                ["hoverinfo"] = "skip",
                ["showlegend"] = false,
            });
            foreach (var known in new[] { false, true })
            {
                var here = points.Select((p, i) => (Row: p, Residual: line.Residuals[i])).Where(p => p.Row.Checked == known).ToList();
                if (here.Count == 0) continue;
                canvas.Scatter(below, Points([.. here.Select(p => p.Row)], [.. here.Select(p => Math.Round(p.Residual, 4))], group, known, 6, p => ""));
            }
        }

        foreach (var part in sized.GroupBy(r => (r.Group, r.Checked)).OrderBy(g => Order(g.Key.Group)).ThenBy(g => g.Key.Checked))
        {
            var trace = Points([.. part], [.. part.Select(r => Math.Round(r.Accuracy, 6))], part.Key.Group, part.Key.Checked, part.Key.Group == SizeRow.Measured ? 12 : 8, Hover);
            trace["name"] = Name(part.Key.Group, part.Key.Checked);
            trace["error_y"] = new
            {
                type = "data",
                symmetric = false,
                array = part.Select(r => Math.Round(r.High - r.Accuracy, 9)),
                arrayminus = part.Select(r => Math.Round(r.Accuracy - r.Low, 9)),
                color = Style(part.Key.Group).Color,
                thickness = 0.8,
                width = 0,
            };
            trace["showlegend"] = true;
            canvas.Scatter(top, trace);
        }

        NameLandmarks(canvas, top, sized, (least, most), bottom);
        return new Figure(text.Id ?? "size", title, caption, canvas.Width, canvas.Height,
            [FigureTable.Of(rows), FigureTable.Of(fits.Select(f => new FitRow(f.Group, f.Points.Count, f.Line.Intercept, f.Line.Slope, f.Line.SlopeError, f.Line.RSquared, f.Line.Spread)), "fits")], canvas.ToJson());
    }

    /// <summary>A line for each published group that has at least three points of two sizes; percent against log10 of billions.</summary>
    internal static IReadOnlyList<(string Group, LineFit Line, IReadOnlyList<SizeRow> Points)> Fits(IReadOnlyList<SizeRow> rows) =>
        [.. rows.Where(r => r.Billions > 0 && r.Group != SizeRow.Measured).GroupBy(r => r.Group).OrderBy(g => Order(g.Key))
            .Where(g => g.Count() > 2 && g.Select(r => r.Billions).Distinct().Count() > 1)
            .Select(g => (g.Key, LineFit.Of([.. g.Select(r => Math.Log10(r.Billions!.Value))], [.. g.Select(r => 100 * r.Accuracy)]), (IReadOnlyList<SizeRow>)[.. g]))];

    private static string Caption(IReadOnlyList<SizeRow> rows, List<SizeRow> sized, IReadOnlyList<(string Group, LineFit Line, IReadOnlyList<SizeRow> Points)> fits, FigureText text)
    {
        var measured = sized.Where(r => r.Group == SizeRow.Measured).ToList();
        var published = sized.Count - measured.Count;
        return FigureLook.Capital($"Whiskers: {text.Interval}, n = {FigureLook.Range(sized.Select(r => r.N))}. {published} published results{(rows.Count > sized.Count ? $" ({rows.Count - sized.Count} of unknown size are in the table only)" : "")}, "
            + $"each with its own protocol; hollow where no source could be read. {(measured.Count > 0 ? $"Stars: {measured.Count} measured here. " : "")}Dotted line: chance. Dashed, and with dots for medical models: least squares on log size, "
            + string.Join("; ", fits.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Group} {f.Line.Slope:+0.0;−0.0} ± {f.Line.SlopeError:0.0} points per tenfold size (R² = {f.Line.RSquared:0.00}, points lie {f.Line.Spread:0.0} from it)")))
            + $". Below: each published result minus its own line.{(text.Note is null ? "" : " " + text.Note)}");
    }

    private static Dictionary<string, object?> Points(IReadOnlyList<SizeRow> rows, IReadOnlyList<double> y, string group, bool known, int size, Func<SizeRow, string> more)
    {
        var (color, symbol) = Style(group);
        return new()
        {
            ["x"] = rows.Select(r => r.Billions),
            ["y"] = y,
            ["mode"] = "markers",
            ["showlegend"] = false,
            ["marker"] = new { color, symbol = known ? symbol : symbol + "-open", size, opacity = 0.85, line = new { color = known ? "#FFFFFF" : color, width = known ? 0.6 : 1.2 } },
            ["text"] = rows.Select((r, i) => FigureLook.Escape(r.Model) + more(r)),
            ["hovertemplate"] = "%{text}<extra></extra>",
        };
    }

    private static string Hover(SizeRow r) => $": {FigureLook.Percent(r.Accuracy)} [{FigureLook.Percent(r.Low)}, {FigureLook.Percent(r.High)}], n = {r.N.ToString(CultureInfo.InvariantCulture)}<br>{FigureLook.Escape(r.Protocol)}<br>{FigureLook.Escape(r.Source)}";

    private static Dictionary<string, object?> XAxis(double least, double most, bool named)
    {
        var axis = ChartCanvas.Axis(least, most, grid: false);
        axis["type"] = "log";
        var ticks = Ticks.Where(t => Math.Log10(t) >= least && Math.Log10(t) <= most).ToList();
        axis["tickvals"] = ticks;
        axis["ticktext"] = ticks.Select(t => t < 0.1 ? (t * 1000).ToString(CultureInfo.InvariantCulture) + "M" : t.ToString(CultureInfo.InvariantCulture) + "B");
        if (named) axis["title"] = ChartCanvas.AxisTitle("Model size (parameters, log scale)", 8);
        else axis["showticklabels"] = false;
        return axis;
    }

    /// <summary>Writes the names, each a line further from its point where it would touch one that stands there.</summary>
    private static void NameLandmarks(ChartCanvas canvas, int panel, List<SizeRow> sized, (double Least, double Most) x, double bottom)
    {
        var placed = new List<(double X, double Y, double Half)>();
        double Right(SizeRow row) => (Math.Log10(row.Billions!.Value) - x.Least) / (x.Most - x.Least) * canvas.PlotWidth;
        double Down(double accuracy) => (1 - accuracy) / (1 - bottom) * Upper;
        foreach (var (row, above) in Landmarks(sized))
        {
            var at = Right(row);
            var half = row.Model.Length * 3.2;
            var away = 12;
            double Place() => Down(row.Accuracy) + (above ? -away : away);
            // A name below its point stands among other points; their whiskers would strike it through.
            bool Struck() => !above && sized.Exists(p => p != row && Math.Abs(Right(p) - at) < half + 3 && Math.Abs(p.Accuracy - row.Accuracy) > 0.01 && Down(p.High) < Place() + 15 && Down(p.Low) > Place());
            while (Struck() || placed.Exists(p => Math.Abs(p.X - at) < p.Half + half && Math.Abs(p.Y - Place()) < 13)) away += 13;
            placed.Add((at, Place(), half));
            canvas.Label(panel, FigureLook.Escape(row.Model), Math.Round(Math.Log10(row.Billions!.Value), 5), row.Accuracy, 0, above ? -away : away, FigureLook.TextColor(Style(row.Group).Color));
        }
    }

    /// <summary>Models worth a name: the best of each size class, the worst of the mid-sized, and all that were measured here.</summary>
    private static IEnumerable<(SizeRow Row, bool Above)> Landmarks(List<SizeRow> rows)
    {
        (double From, double To)[] classes = [(0, 1), (1, 3), (3, 6), (6, 16), (20, 40), (60, 80), (300, 5000)];
        var published = rows.Where(r => r.Group != SizeRow.Measured).ToList();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (from, to) in classes)
            if (published.Where(r => r.Billions >= from && r.Billions < to).OrderByDescending(r => r.Accuracy).ThenBy(r => r.Model, StringComparer.Ordinal).FirstOrDefault() is { } best && named.Add(best.Model))
                yield return (best, true);
        foreach (var (from, to) in new[] { (6.0, 10.0), (20.0, 40.0), (60.0, 80.0) })
            if (published.Where(r => r.Billions >= from && r.Billions < to).OrderBy(r => r.Accuracy).ThenBy(r => r.Model, StringComparer.Ordinal).FirstOrDefault() is { } worst && named.Add(worst.Model))
                yield return (worst, false);
        foreach (var row in rows.Where(r => r.Group == SizeRow.Measured)) yield return (row, true);
    }

    private static int Order(string group) => group switch { SizeRow.General => 0, SizeRow.Medical => 1, _ => 2 };

    private static string Name(string group, bool known) => group switch
    {
        SizeRow.General => "General",
        SizeRow.Medical => "Trained for medicine",
        _ => "Measured here",
    } + (known ? "" : ", source not read");

    private static (string Color, string Symbol) Style(string group) => group switch
    {
        SizeRow.General => ("#0072B2", "circle"),
        SizeRow.Medical => ("#D55E00", "diamond"),
        _ => ("#000000", "star"),
    };
}
