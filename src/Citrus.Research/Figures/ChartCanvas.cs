using System.Text.Encodings.Web;
using System.Text.Json;

namespace Citrus.Research.Figures;

/// <summary>A picture laid out in CSS pixels: title above, caption below, panels between. It ends as a Plotly figure.</summary>
internal sealed class ChartCanvas
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<Dictionary<string, object?>> traces = [];
    private readonly List<object> annotations = [];
    private readonly List<object> shapes = [];
    private readonly Dictionary<string, object?> layout = [];
    private readonly int left;
    private readonly int right;
    private readonly int top;
    private readonly int bottom;
    private int panels;

    /// <param name="width">Whole width.</param>
    /// <param name="plotHeight">Height between the margins.</param>
    /// <param name="left">Room for labels of the first panel.</param>
    /// <param name="header">Room above the panels for legend and panel titles.</param>
    /// <param name="footer">Room below the panels for ticks and axis titles.</param>
    /// <param name="title">The finding.</param>
    /// <param name="caption">What is drawn.</param>
    public ChartCanvas(int width, int plotHeight, int left, int header, int footer, string title, string caption)
    {
        const int margin = 20;
        var titleText = FigureLook.Wrap(title, (int)((width - (2 * margin)) / (FigureLook.TitleSize * 0.54)), out var titleLines);
        // Lines of about equal length, so that no word stands alone.
        if (titleLines > 1) titleText = FigureLook.Wrap(title, (title.Length / titleLines) + 8, out titleLines);
        var captionText = FigureLook.Wrap(caption, (int)((width - (2 * margin)) / (FigureLook.CaptionSize * 0.5)), out var captionLines);
        this.left = left;
        right = 24;
        top = margin + (titleLines * 24) + header;
        bottom = footer + (captionLines * 17) + 14;
        (Width, Height, PlotWidth, PlotHeight) = (width, plotHeight + top + bottom, width - left - right, plotHeight);
        Header = header;
        Note($"<b>{titleText}</b>", margin - left, margin - top - 4, "left", "top", FigureLook.TitleSize, FigureLook.Ink);
        Note(captionText, margin - left, PlotHeight + bottom - 10, "left", "bottom", FigureLook.CaptionSize, FigureLook.Faint);
    }

    public int Width { get; }

    public int Height { get; }

    public int PlotWidth { get; }

    public int PlotHeight { get; }

    /// <summary>Room above the panels.</summary>
    public int Header { get; }

    /// <summary>Adds a panel and returns its number, which names its axes. Pixels count from the plot area's top left corner.</summary>
    public int Panel(double x, double y, double width, double height, Dictionary<string, object?> xAxis, Dictionary<string, object?> yAxis)
    {
        var n = ++panels;
        xAxis["domain"] = new[] { Round(x / PlotWidth), Round(Math.Min(1, (x + width) / PlotWidth)) };
        yAxis["domain"] = new[] { Round(Math.Max(0, 1 - ((y + height) / PlotHeight))), Round(1 - (y / PlotHeight)) };
        xAxis["anchor"] = "y" + Suffix(n);
        yAxis["anchor"] = "x" + Suffix(n);
        layout["xaxis" + Suffix(n)] = xAxis;
        layout["yaxis" + Suffix(n)] = yAxis;
        return n;
    }

    /// <summary>Adds a scatter trace to a panel.</summary>
    public void Scatter(int panel, Dictionary<string, object?> trace)
    {
        trace["type"] = "scatter";
        trace["xaxis"] = "x" + Suffix(panel);
        trace["yaxis"] = "y" + Suffix(panel);
        traces.Add(trace);
    }

    /// <summary>A line across a whole panel, in the units of its axes; a null coordinate spans the panel.</summary>
    public void Line(int panel, double? x, double? y, string dash, string color) => shapes.Add(new
    {
        type = "line",
        xref = x is null ? $"x{Suffix(panel)} domain" : $"x{Suffix(panel)}",
        yref = y is null ? $"y{Suffix(panel)} domain" : $"y{Suffix(panel)}",
        x0 = x ?? 0,
        x1 = x ?? 1,
        y0 = y ?? 0,
        y1 = y ?? 1,
        layer = "below",
        line = new { color, width = 1.4, dash },
    });

    /// <summary>A pale band across a panel between two values of its y axis.</summary>
    public void Band(int panel, double low, double high) => shapes.Add(new
    {
        type = "rect",
        xref = $"x{Suffix(panel)} domain",
        yref = $"y{Suffix(panel)}",
        x0 = 0,
        x1 = 1,
        y0 = low,
        y1 = high,
        layer = "below",
        fillcolor = FigureLook.Band,
        line = new { width = 0 },
    });

    /// <summary>Text at a place in pixels from the plot area's top left corner.</summary>
    public void Note(string text, double x, double y, string xAnchor, string yAnchor, int size, string color) => annotations.Add(new
    {
        text,
        xref = "paper",
        yref = "paper",
        x = Round(x / PlotWidth),
        y = Round(1 - (y / PlotHeight)),
        xanchor = xAnchor,
        yanchor = yAnchor,
        align = xAnchor == "center" ? "center" : "left",
        showarrow = false,
        font = new { size, color },
    });

    /// <summary>Text at a point of a panel, moved by pixels (down is positive); with a thin line to the point where it stands apart.</summary>
    public void Label(int panel, string text, double x, double y, double right, double down, string color)
    {
        var arrow = Math.Abs(down) > 16;
        annotations.Add(new
        {
            text,
            xref = "x" + Suffix(panel),
            yref = "y" + Suffix(panel),
            x,
            y,
            ax = right,
            ay = down,
            showarrow = true,
            arrowhead = 0,
            arrowwidth = 0.8,
            arrowcolor = arrow ? "#9A9A9A" : "rgba(0,0,0,0)",
            standoff = 4,
            xanchor = "center",
            yanchor = down < 0 ? "bottom" : "top",
            font = new { size = 11, color },
        });
    }

    /// <summary>A legend with its bottom corner at a place in pixels: a row above the panels that begins there, or a column inside of a panel that ends there.</summary>
    public void Legend(double x, double y, bool column = false) => layout["legend"] = new
    {
        orientation = column ? "v" : "h",
        x = Round(x / PlotWidth),
        xanchor = column ? "right" : "left",
        y = Round(1 - (y / PlotHeight)),
        yanchor = "bottom",
        font = new { size = FigureLook.TextSize },
        bgcolor = "rgba(0,0,0,0)",
        traceorder = "normal",
    };

    /// <summary>The finished Plotly figure with a line feed at its end.</summary>
    public string ToJson()
    {
        layout["width"] = Width;
        layout["height"] = Height;
        layout["margin"] = new { l = left, r = right, t = top, b = bottom };
        layout["font"] = new { family = FigureLook.Font, size = FigureLook.TextSize, color = FigureLook.Ink };
        layout["paper_bgcolor"] = "#FFFFFF";
        layout["plot_bgcolor"] = "#FFFFFF";
        layout["annotations"] = annotations;
        layout["shapes"] = shapes;
        layout["hovermode"] = "closest";
        layout["hoverlabel"] = new { align = "left" };
        return PlotlyRoom.FigureJson(JsonSerializer.Serialize(new { data = traces, layout }, Json)).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    /// <summary>An axis title in the common look.</summary>
    public static object AxisTitle(string text, int standoff) => new { text, standoff, font = new { size = FigureLook.TextSize, color = FigureLook.Ink } };

    /// <summary>An axis in the common look.</summary>
    public static Dictionary<string, object?> Axis(double? low = null, double? high = null, bool grid = true)
    {
        var axis = new Dictionary<string, object?>
        {
            ["showgrid"] = grid,
            ["gridcolor"] = FigureLook.Grid,
            ["gridwidth"] = 1,
            ["zeroline"] = false,
            ["showline"] = true,
            ["linecolor"] = "#9A9A9A",
            ["linewidth"] = 1,
            ["ticks"] = "outside",
            ["ticklen"] = 4,
            ["tickcolor"] = "#9A9A9A",
            ["fixedrange"] = false,
        };
        if (low is not null) axis["range"] = new[] { low.Value, high!.Value };
        return axis;
    }

    private static string Suffix(int panel) => panel == 1 ? "" : panel.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static double Round(double value) => Math.Round(value, 5);
}
