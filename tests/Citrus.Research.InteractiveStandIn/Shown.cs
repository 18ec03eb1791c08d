using Microsoft.DotNet.Interactive.Formatting;

/// <summary>What a cell showed, as lines for a test to read: kind, MIME type, length, beginning.</summary>
internal static class Shown
{
    private const int Beginning = 120;

    /// <summary>Formats the value as .NET Interactive does, by the MIME types that its type prefers, and writes a line for each.</summary>
    public static void Write(string kind, object? value, string[]? mimeTypes = null)
    {
        if (value is null or DisplayedValue) return;
        foreach (var mime in mimeTypes is { Length: > 0 } ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value.GetType())])
        {
            var text = value.ToDisplayString(mime);
            Console.WriteLine($"[{kind} {mime} {text.Length}] {text[..Math.Min(Beginning, text.Length)].ReplaceLineEndings(" ")}");
        }
    }
}
