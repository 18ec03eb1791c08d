using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>How figures and their tables show in notebooks.</summary>
public static class FigureFormatters
{
    /// <summary>The MIME type under which Jupyter and VS Code draw Plotly figures.</summary>
    public const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    private const int ShownRows = 20;
    private static int scriptGiven;

    /// <summary>
    /// Registers <see cref="Figure"/> (Plotly JSON, HTML, text), <see cref="FigureTable"/> and <see cref="DataFrame"/> (HTML, text) with the notebook's formatter. Call it in a notebook's first
    /// cell: the HTML of the next figure brings plotly.js along, and those after it use that one.
    /// </summary>
    public static void Register()
    {
        Interlocked.Exchange(ref scriptGiven, 0);
        Formatter.Register<Figure>(f => f.ToJson(), PlotlyMimeType);
        Formatter.Register<Figure>(Html, "text/html");
        Formatter.Register<Figure>(Text, "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(Figure), PlotlyMimeType, "text/html");
        Formatter.Register<FigureTable>(TableHtml, "text/html");
        Formatter.Register<FigureTable>(t => t.ToCsv(), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(FigureTable), "text/html");
        Formatter.Register<DataFrame>(FrameHtml, "text/html");
        Formatter.Register<DataFrame>(f => Shape(f) + "\n" + f.Head(ShownRows), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(DataFrame), "text/html");
    }

    internal static string Html(Figure figure) => FigureHtml.Fragment(figure, withScript: Interlocked.Exchange(ref scriptGiven, 1) == 0);

    internal static string Text(Figure figure) => $"{figure.Title}\n{figure.Caption}\n";

    internal static string TableHtml(FigureTable table) => Grid(table.Columns, table.Rows);

    private static string FrameHtml(DataFrame frame)
    {
        var rows = frame.Rows.Take(ShownRows).Select(r => r.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "").ToList());
        return Grid(frame.Columns.Select(c => c.Name), rows) + $"<p>{Shape(frame)}</p>";
    }

    private static string Shape(DataFrame frame) => string.Create(
        CultureInfo.InvariantCulture, $"{frame.Rows.Count} rows, {frame.Columns.Count} columns{(frame.Rows.Count > ShownRows ? $"; the first {ShownRows} are shown" : "")}");

    private static string Grid(IEnumerable<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var column in columns) html.Append("<th>").Append(WebUtility.HtmlEncode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var cell in row) html.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table>").ToString();
    }
}
