using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks;

/// <summary>Lines of a cell that speak to the host instead of the compiler.</summary>
internal static partial class Directives
{
    /// <summary>The language that a leading <c>#!name</c> line chooses, or null.</summary>
    public static string? LanguageOf(string source)
    {
        var first = source.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal));
        if (first is null || !first.StartsWith("#!", StringComparison.Ordinal)) return null;
        var name = first[2..].Split(' ')[0].ToLowerInvariant();
        return name switch
        {
            "c#" or "csharp" or "time" => "csharp",
            "fsharp" or "f#" or "pwsh" or "powershell" or "javascript" or "js" or "html" or "mermaid" or "sql" or "kql" or "markdown" or "md" or "value" =>
                name switch { "f#" => "fsharp", "powershell" => "pwsh", "js" => "javascript", "md" => "markdown", _ => name },
            _ => null,
        };
    }

    /// <summary>
    /// Takes <c>#r</c> and <c>#!</c> lines out of a cell (leaving empty lines, so that line numbers stay) and returns the paths that <c>#r</c> names with their lines.
    /// </summary>
    /// <exception cref="DirectiveException">A directive that this host does not have.</exception>
    public static string Strip(string source, List<(string Path, int Line)> references)
    {
        var lines = source.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (!line.StartsWith('#')) continue;
            if (Reference().Match(line) is { Success: true } reference)
            {
                var path = reference.Groups[1].Value;
                if (path.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                    throw new DirectiveException($"#r \"{path}\": packages are not restored by this host; reference the built DLL with #r \"path.dll\".", i + 1);
                references.Add((path, i + 1));
                lines[i] = "";
            }
            else if (line is "#!csharp" or "#!c#" or "#!time")
            {
                lines[i] = "";
            }
            else if (line.StartsWith("#!", StringComparison.Ordinal) || line.StartsWith("#i ", StringComparison.Ordinal))
            {
                throw new DirectiveException($"{line}: this host knows the directives #r \"path.dll\", #load \"file.csx\", #!csharp, #!markdown and #!time.", i + 1);
            }
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex("""^#r\s+"([^"]+)"\s*;?\s*(//.*)?$""")]
    private static partial Regex Reference();
}
