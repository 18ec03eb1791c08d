using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks.Formatting;

/// <summary>Data frames, and sequences of records, as tables with a column per property: the first rows, and how many there are.</summary>
internal static class PlainTable
{
    private const int MaxColumns = 50;
    private const int MaxCellCharacters = 300;

    /// <summary>The value as an HTML table; null where it is neither, or where somebody has said how it is to look.</summary>
    public static string? Html(object value)
    {
        if (!FormatterChoice.IsAnybodys(value.GetType(), HtmlFormatter.MimeType)) return null;
        return Of(value) is not { } table ? null : Html(table);
    }

    /// <summary>A data frame as text; null for everything else, which the formatter shows well.</summary>
    public static string? Text(object value) =>
        !IsFrame(value) || !FormatterChoice.IsAnybodys(value.GetType(), PlainTextFormatter.MimeType) ? null : Text(FrameOf(value));

    private sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Shape);

    private static Table? Of(object value)
    {
        if (IsFrame(value)) return FrameOf(value);
        if (value is not IEnumerable sequence || ElementOf(value.GetType()) is not { } element) return null;
        PropertyInfo[] properties = [.. element.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract").Take(MaxColumns)];
        if (properties.Length == 0) return null;
        var limit = Math.Max(1, Formatter.ListExpansionLimit);
        var rows = new List<IReadOnlyList<string>>();
        var more = false;
        foreach (var item in sequence)
        {
            if (rows.Count == limit)
            {
                more = true;
                break;
            }

            rows.Add([.. properties.Select(p => item is null ? "" : Read(p, item))]);
        }

        var count = value is ICollection known ? known.Count : more ? -1 : rows.Count;
        var shape = count < 0 ? Invariant($"the first {limit} rows are shown") : Invariant($"{count} rows, {properties.Length} columns{(more ? $"; the first {limit} are shown" : "")}");
        return new Table([.. properties.Select(p => p.Name)], rows, shape);
    }

    private static bool IsFrame(object value) => value.GetType().FullName == "Microsoft.Data.Analysis.DataFrame";

    private static Table FrameOf(object value)
    {
        // By name: this host needs no reference to the library, and takes whatever version a notebook brings.
        dynamic frame = value;
        long count = frame.Rows.Count;
        var shown = (int)Math.Min(count, Math.Max(1, Formatter.ListExpansionLimit));
        var names = new List<string>();
        var columns = new List<List<string>>();
        foreach (dynamic column in frame.Columns)
        {
            names.Add((string)column.Name);
            if (columns.Count == MaxColumns) continue;
            var cells = new List<string>();
            for (long i = 0; i < shown; i++) cells.Add(Cell((object?)column[i]));
            columns.Add(cells);
        }

        var rows = Enumerable.Range(0, shown).Select(r => (IReadOnlyList<string>)[.. columns.Select(c => c[r])]).ToList();
        var shape = Invariant($"{count} rows, {names.Count} columns{(count > shown ? $"; the first {shown} rows are shown" : "")}{(names.Count > MaxColumns ? $"; the first {MaxColumns} columns are shown" : "")}");
        return new Table([.. names.Take(MaxColumns)], rows, shape);
    }

    /// <summary>The type of the records of a sequence; null where the items are no records.</summary>
    private static Type? ElementOf(Type type)
    {
        if (type == typeof(string) || typeof(IDictionary).IsAssignableFrom(type)) return null;
        var sequences = type.GetInterfaces().Append(type).Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).ToList();
        if (sequences.Count != 1) return null;
        var element = sequences[0].GenericTypeArguments[0];
        var simple = element.IsPrimitive || element.IsEnum || element.IsPointer || element.IsInterface || element.IsByRefLike || typeof(IFormattable).IsAssignableFrom(element)
            || typeof(IEnumerable).IsAssignableFrom(element) || typeof(MemberInfo).IsAssignableFrom(element) || element == typeof(object) || element == typeof(Uri)
            || Nullable.GetUnderlyingType(element) is not null || (element.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal)));
        return simple || !FormatterChoice.IsAnybodys(element, HtmlFormatter.MimeType) ? null : element;
    }

    private static string Read(PropertyInfo property, object item)
    {
        try
        {
            return Cell(property.GetValue(item));
        }
        catch (TargetInvocationException e) when (e.InnerException is not OperationCanceledException)
        {
            return $"[{e.InnerException?.GetType().Name}: {e.InnerException?.Message}]";
        }
    }

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            string s => s,
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            bool or char => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            _ => value.ToDisplayString(PlainTextFormatter.MimeType),
        };
        return text.Length <= MaxCellCharacters ? text : text[..MaxCellCharacters] + "…";
    }

    private static string Html(Table table)
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

        return html.Append("</tbody></table><p>").Append(WebUtility.HtmlEncode(table.Shape)).Append("</p>").ToString();
    }

    private static string Text(Table table)
    {
        var rows = table.Rows.Prepend(table.Columns).Select(r => r.Select(c => c.ReplaceLineEndings(" ")).ToList()).ToList();
        var widths = table.Columns.Select((_, i) => rows.Max(r => r[i].Length)).ToList();
        return table.Shape + "\n" + string.Join('\n', rows.Select(r => string.Join("  ", r.Select((c, i) => c.PadRight(widths[i]))).TrimEnd()));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
