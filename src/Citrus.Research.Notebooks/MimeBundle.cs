using System.Text.Json;
using Citrus.Research.Notebooks.Formatting;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks;

/// <summary>A value's renderings by MIME type.</summary>
internal static class MimeBundle
{
    private const string PlainText = "text/plain";

    /// <summary>Formats a value: the MIME types asked for, else those that its type prefers and <c>text/plain</c>. What cannot be formatted as asked is said in <c>text/plain</c>.</summary>
    public static IReadOnlyDictionary<string, string> Of(object? value, string[] mimeTypes)
    {
        var bundle = new SortedDictionary<string, string>(StringComparer.Ordinal);
        IEnumerable<string> wanted = mimeTypes.Length > 0 ? mimeTypes
            : value is null ? ["text/html", PlainText]
            : Formatter.GetPreferredMimeTypesFor(value.GetType()).Append(PlainText);
        if (value is not null && mimeTypes.Length == 0 && PlotlyChart.IsPlotlyNet(value.GetType())) wanted = wanted.Prepend(PlotlyChart.MimeType);
        foreach (var mime in wanted.Distinct())
        {
            try
            {
                bundle[mime] = Format(value, mime);
            }
            catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
            {
                var inner = e is System.Reflection.TargetInvocationException { InnerException: { } cause } ? cause : e;
                var note = $"[{value?.GetType().Name} could not be formatted as {mime}: {inner.Message}]";
                bundle[PlainText] = bundle.TryGetValue(PlainText, out var text) ? text + "\n" + note : note;
                // Where no picture can be drawn, the chart itself is better than none.
                if (value is null || !PlotlyPicture.Draws(mime) || value is string || PlotlyChart.JsonOf(value) is not { } chart) continue;
                bundle[PlotlyChart.MimeType] = chart;
                if (FormatterChoice.HasFormatter(value.GetType(), "text/html")) bundle["text/html"] = Format(value, "text/html");
            }
        }

        return bundle;
    }

    /// <summary>A bundle of one plain text.</summary>
    public static IReadOnlyDictionary<string, string> Plain(string text) => new SortedDictionary<string, string>(StringComparer.Ordinal) { [PlainText] = text };

    private static string Format(object? value, string mime)
    {
        var text = Text(value, mime).ReplaceLineEndings("\n");
        if (!NotebookJson.IsJson(mime)) return text;
        // A file that holds it must stay readable.
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 100 });
        return text;
    }

    private static string Text(object? value, string mime)
    {
        // A text shown as markdown, LaTeX or SVG is that text already.
        if (value is string text && mime is not ("text/html" or PlainText or "application/json")) return text;
        if (value is null) return value.ToDisplayString(mime);
        if (mime == "text/html" && PlainTable.Html(value) is { } table) return table;
        if (mime == PlainText && PlainTable.Text(value) is { } rows) return rows;
        if (mime == PlotlyChart.MimeType && PlotlyChart.JsonOf(value) is { } chart) return chart;
        if (PlotlyPicture.Draws(mime) && !FormatterChoice.HasFormatter(value.GetType(), mime))
        {
            var figure = PlotlyChart.JsonOf(value) ?? throw new NotSupportedException("it is no chart, and no formatter is registered for it");
            return PlotlyPicture.Draw(figure, mime, out var problem) ?? throw new NotSupportedException(problem);
        }

        return value.ToDisplayString(mime);
    }
}
