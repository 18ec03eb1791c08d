namespace Citrus.Research.Experts;

/// <summary>
/// What a prompt looks like to its reader: header lines (<c>role: reasoning-expert</c>) at the very top, and sections that begin with a
/// line <c>### name</c> and run to the next such line.
/// </summary>
public static class PromptText
{
    private const string Mark = "### ";

    /// <summary>Value of a header line among the first lines (up to the first empty one); null where it is not declared.</summary>
    public static string? Header(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace()) return null;
            var colon = line.IndexOf(':');
            if (colon > 0 && line[..colon].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return line[(colon + 1)..].Trim().ToString();
        }

        return null;
    }

    /// <summary>Text as it goes into a prompt: lines that would begin a section are moved in by a space.</summary>
    public static string Inserted(string text) =>
        text.Contains(Mark, StringComparison.Ordinal) ? string.Join('\n', text.Split('\n').Select(l => l.StartsWith(Mark, StringComparison.Ordinal) ? " " + l : l)) : text;

    /// <summary>Text of a section without surrounding white space; null where the prompt has no such section.</summary>
    public static string? Section(string text, string name)
    {
        var start = 0;
        while (true)
        {
            start = text.IndexOf(Mark, start, StringComparison.Ordinal);
            if (start < 0) return null;
            var lineEnd = text.IndexOf('\n', start);
            if (lineEnd < 0) lineEnd = text.Length;
            var atLineStart = start == 0 || text[start - 1] == '\n';
            if (atLineStart && text.AsSpan(start + Mark.Length, lineEnd - start - Mark.Length).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                var end = text.IndexOf("\n" + Mark, lineEnd, StringComparison.Ordinal);
                return text[Math.Min(lineEnd + 1, text.Length)..(end < 0 ? text.Length : Math.Max(end, Math.Min(lineEnd + 1, text.Length)))].Trim();
            }

            start = lineEnd;
        }
    }
}
