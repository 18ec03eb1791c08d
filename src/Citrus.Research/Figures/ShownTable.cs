using System.Net;
using System.Text;

namespace Citrus.Research.Figures;

/// <summary>A small table as a notebook shows it: HTML with everything escaped, or columns of plain text.</summary>
internal static class ShownTable
{
    public static string Html(IEnumerable<string> columns, IEnumerable<IReadOnlyList<string>> rows)
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

    public static string Text(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((c, i) => Math.Max(c.Length, rows.Count == 0 ? 0 : rows.Max(r => r[i].Length))).ToList();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns)) text.AppendLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        return text.ToString().ReplaceLineEndings("\n");
    }
}
