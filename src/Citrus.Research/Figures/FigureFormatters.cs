using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>How figures and their tables show in notebooks.</summary>
public static class FigureFormatters
{
    /// <summary>The MIME type under which Jupyter and VS Code draw Plotly figures.</summary>
    public const string PlotlyMimeType = "application/vnd.plotly.v1+json";

    private static int scriptGiven;

    /// <summary>
    /// Registers <see cref="Figure"/> (Plotly JSON, HTML, text) and <see cref="FigureTable"/> (HTML, text) with the notebook's formatter. Call it in a notebook's first
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
    }

    internal static string Html(Figure figure) => FigureHtml.Fragment(figure, withScript: Interlocked.Exchange(ref scriptGiven, 1) == 0);

    internal static string Text(Figure figure) => $"{figure.Title}\n{figure.Caption}\n";

    internal static string TableHtml(FigureTable table)
    {
        var html = new StringBuilder("<table><thead><tr>");
        foreach (var column in table.Columns) html.Append("<th>").Append(WebUtility.HtmlEncode(column)).Append("</th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            foreach (var cell in row) html.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table>").ToString();
    }
}
