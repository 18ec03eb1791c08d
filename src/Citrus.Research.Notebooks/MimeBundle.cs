using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks;

/// <summary>A value's renderings by MIME type.</summary>
internal static class MimeBundle
{
    /// <summary>Formats a value: the MIME types asked for, else those that its type prefers and <c>text/plain</c>.</summary>
    public static IReadOnlyDictionary<string, string> Of(object? value, string[] mimeTypes)
    {
        var wanted = mimeTypes.Length > 0 ? mimeTypes
            : value is null ? ["text/html"]
            : Formatter.GetPreferredMimeTypesFor(value.GetType());
        var bundle = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var mime in mimeTypes.Length > 0 ? wanted : wanted.Append("text/plain"))
            if (!bundle.ContainsKey(mime))
                bundle[mime] = Format(value, mime);
        return bundle;
    }

    /// <summary>A bundle of one plain text.</summary>
    public static IReadOnlyDictionary<string, string> Plain(string text) => new SortedDictionary<string, string>(StringComparer.Ordinal) { ["text/plain"] = text };

    private static string Format(object? value, string mime)
    {
        // A text shown as markdown, LaTeX or SVG is that text already.
        if (value is string text && mime is not ("text/html" or "text/plain" or "application/json")) return text;
        try
        {
            return value.ToDisplayString(mime).ReplaceLineEndings("\n");
        }
        catch (Exception e) when (!NotebookJson.IsJson(mime))
        {
            return $"[{value?.GetType().Name} could not be formatted as {mime}: {e.Message}]";
        }
    }
}
