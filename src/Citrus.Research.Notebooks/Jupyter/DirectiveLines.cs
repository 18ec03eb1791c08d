namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>Hides the lines that speak to the host from the compiler where nothing is executed: completion, hover, completeness.</summary>
internal static class DirectiveLines
{
    private static readonly string[] Words = ["#r", "#i", "#load", "#!"];

    /// <summary>Whether a line is a directive of the host's.</summary>
    public static bool Is(ReadOnlySpan<char> line)
    {
        var trimmed = line.TrimStart();
        foreach (var word in Words)
            if (trimmed.StartsWith(word, StringComparison.Ordinal) && (word == "#!" || trimmed.Length == word.Length || trimmed[word.Length] is ' ' or '\t' or '"'))
                return true;
        return false;
    }

    /// <summary>The same text, of the same length and lines, with spaces where directives were.</summary>
    public static string Blank(string code)
    {
        if (!code.Contains('#')) return code;
        var lines = code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
            if (Is(lines[i]))
                lines[i] = new string(' ', lines[i].Length);
        return string.Join('\n', lines);
    }
}
