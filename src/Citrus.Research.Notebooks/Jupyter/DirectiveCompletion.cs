using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What can be typed in a line that speaks to the host: directives, and files in the texts of <c>#r</c> and <c>#load</c>.</summary>
internal static partial class DirectiveCompletion
{
    private const int MaxFiles = 200;
    private static readonly string[] Directives = ["#r \"", "#r \"nuget: ", "#load \"", "#i \"nuget: ", "#!csharp", "#!import ", "#!markdown", "#!time"];

    /// <summary>The completions of a directive line; null where the line is none.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="cursor">UTF-16 index.</param>
    /// <param name="folder">What relative paths start from.</param>
    public static CompletionList? At(string code, int cursor, string folder)
    {
        var begin = cursor == 0 ? 0 : code.LastIndexOf('\n', cursor - 1) + 1;
        var line = code[begin..cursor];
        if (!line.TrimStart().StartsWith('#')) return null;
        if (PathOf().Match(line) is { Success: true } path)
        {
            var typed = path.Groups[2].Value;
            var start = begin + path.Groups[2].Index + typed.LastIndexOfAny(['/', '\\']) + 1;
            return new CompletionList(start, cursor, typed.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) ? [] : Files(typed, path.Groups[1].Value == "r", folder));
        }

        if (line.Contains('"')) return new CompletionList(cursor, cursor, []);
        var word = line.TrimStart();
        return new CompletionList(cursor - word.Length, cursor,
            [.. Directives.Where(d => d.StartsWith(word, StringComparison.Ordinal)).Select(d => new CompletionItem(d, "keyword", "", 0))]);
    }

    private static List<CompletionItem> Files(string typed, bool libraries, string folder)
    {
        var cut = typed.LastIndexOfAny(['/', '\\']) + 1;
        var (parent, prefix) = (typed[..cut], typed[cut..]);
        try
        {
            var directory = new DirectoryInfo(Path.GetFullPath(parent.Replace('\\', '/'), folder));
            var extensions = libraries ? new[] { ".dll", ".exe" } : [".csx", ".cs"];
            return
            [
                .. directory.EnumerateFileSystemInfos()
                    .Where(e => e.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (e is DirectoryInfo ? !e.Name.StartsWith('.') || prefix.StartsWith('.') : extensions.Contains(e.Extension.ToLowerInvariant())))
                    .Take(MaxFiles).OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
                    .Select(e => e is DirectoryInfo ? new CompletionItem(e.Name + "/", "folder", "", 0) : new CompletionItem(e.Name, "file", "", 0)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or System.Security.SecurityException)
        {
            return [];
        }
    }

    [GeneratedRegex("""^\s*#(r|load)\s+"([^"]*)$""")]
    private static partial Regex PathOf();
}
