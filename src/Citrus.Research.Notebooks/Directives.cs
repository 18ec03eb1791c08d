using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Citrus.Research.Notebooks;

/// <summary>Lines of a cell that speak to the host instead of the compiler.</summary>
internal static partial class Directives
{
    private const string Known = "#r \"path.dll\", #r \"nuget: Name, Version\", #i \"nuget: SOURCE\", #load \"file.csx\", #!import FILE, #!csharp, #!markdown and #!time";

    private static readonly Dictionary<string, string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = "csharp",
        ["c#"] = "csharp",
        ["cs"] = "csharp",
        ["markdown"] = "markdown",
        ["md"] = "markdown",
        ["fsharp"] = "fsharp",
        ["f#"] = "fsharp",
        ["fs"] = "fsharp",
        ["pwsh"] = "pwsh",
        ["powershell"] = "pwsh",
        ["javascript"] = "javascript",
        ["js"] = "javascript",
        ["html"] = "html",
        ["mermaid"] = "mermaid",
        ["sql"] = "sql",
        ["kql"] = "kql",
        ["http"] = "http",
        ["value"] = "value",
        ["python"] = "python",
        ["r"] = "r",
    };

    /// <summary>The first language other than C# and Markdown that a line of the cell chooses, with that line's number; null where there is none.</summary>
    public static (string Language, int Line)? ForeignLanguage(string source)
    {
        var text = Texts(source);
        var lines = source.Split('\n');
        for (var (i, position) = (0, 0); i < lines.Length; position += lines[i++].Length + 1)
            if (LanguageOfLine(lines[i].Trim()) is { } language and not ("csharp" or "markdown") && !text(position + lines[i].IndexOf('#', StringComparison.Ordinal)))
                return (language, i + 1);
        return null;
    }

    /// <summary>The language that a leading <c>#!name</c> line chooses, or null.</summary>
    public static string? LanguageOf(string source)
    {
        var first = source.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal));
        return first is null ? null : first is "#!time" ? "csharp" : LanguageOfLine(first);
    }

    /// <summary>Takes a cell apart. Empty lines stand for the directives, so that line numbers stay.</summary>
    /// <param name="source">The cell.</param>
    /// <param name="timed">Whether <c>#!time</c> stands in it.</param>
    /// <exception cref="DirectiveException">A directive that this host does not have.</exception>
    public static IReadOnlyList<CellPart> Read(string source, out bool timed)
    {
        timed = false;
        if (SourceDepth.IsTooMuch(source)) throw new DirectiveException($"brackets nest deeper than {SourceDepth.Most} levels; the compiler does not take that.", 1);
        var parts = new List<CellPart>();
        var lines = source.Split('\n');
        var (kind, begin) = (CellPartKind.Code, 0);
        var references = new List<ReferenceDirective>();
        var text = Texts(source);
        var position = 0;
        for (var i = 0; i < lines.Length; position += lines[i++].Length + 1)
        {
            var line = lines[i].Trim();
            if (!line.StartsWith('#') || (kind == CellPartKind.Code && text(position + lines[i].IndexOf('#', StringComparison.Ordinal)))) continue;
            if (line.StartsWith("#!", StringComparison.Ordinal))
            {
                var length = lines[i].Length;
                if (line == "#!time") timed = true;
                else if (Import().Match(line) is { Success: true } import) Next(i, CellPartKind.Code, new CellPart(CellPartKind.Import, import.Groups[1].Value.Trim(), i + 1, []));
                else if (LanguageOfLine(line) is "csharp") Next(i, CellPartKind.Code);
                else if (LanguageOfLine(line) is "markdown") Next(i, CellPartKind.Markdown);
                else throw Refuse(line, i + 1);
                // The same length: positions in the source still hold.
                lines[i] = new string(' ', length);
            }
            else if (kind == CellPartKind.Code && Reference().Match(line) is { Success: true } reference)
            {
                var directive = new ReferenceDirective(reference.Groups[1].Value == "i", reference.Groups[2].Value, i + 1);
                if (directive.IsSource && !directive.IsPackage(out _)) throw new DirectiveException($"{directive}: write #i \"nuget: SOURCE\", an address or a folder.", i + 1);
                references.Add(directive);
                lines[i] = new string(' ', lines[i].Length);
            }
        }

        Next(lines.Length, CellPartKind.Code);
        return parts;

        void Next(int end, CellPartKind next, CellPart? between = null)
        {
            var body = lines[begin..end];
            if (references.Count > 0 || body.Any(l => !string.IsNullOrWhiteSpace(l)))
            {
                var padding = kind == CellPartKind.Code ? new string('\n', begin) : "";
                var content = string.Join('\n', body.Select(l => string.IsNullOrWhiteSpace(l) ? "" : l));
                parts.Add(new CellPart(kind, padding + (kind == CellPartKind.Markdown ? content.Trim('\n') : content), begin + 1, [.. references]));
            }

            if (between is not null) parts.Add(between);
            references.Clear();
            (kind, begin) = (next, end + 1);
        }
    }

    private static DirectiveException Refuse(string line, int number) => LanguageOfLine(line) is { } language
        ? new DirectiveException($"{line}: this host runs C# only, no {language}.", number)
        : new DirectiveException($"{line}: this host knows the directives {Known}.", number);

    private static string? LanguageOfLine(string line)
    {
        if (!line.StartsWith("#!", StringComparison.Ordinal)) return null;
        var name = line[2..].Split(' ', '\t')[0];
        return Languages.GetValueOrDefault(name);
    }

    /// <summary>Tells of a position whether it lies inside a text or a comment, where a line is no directive. Parsed only where there can be such texts over many lines.</summary>
    private static Func<int, bool> Texts(string source)
    {
        if (!source.Contains("\"\"\"", StringComparison.Ordinal) && !source.Contains("@\"", StringComparison.Ordinal) && !source.Contains("@$\"", StringComparison.Ordinal) && !source.Contains("/*", StringComparison.Ordinal))
            return static _ => false;
        if (SourceDepth.IsTooMuch(source)) return static _ => false;
        // The directives would end the parsing of what follows; as comments of the same length they do not.
        var quiet = Hash().Replace(source, m => m.Groups[1].Value + "//" + m.Groups[2].Value[2..]);
        var root = CSharpSyntaxTree.ParseText(quiet, new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script)).GetRoot();
        return position =>
        {
            var token = root.FindToken(position);
            if (token.Span.Contains(position) && token.SpanStart < position) return true;
            return root.FindTrivia(position) is { } trivia && trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && trivia.SpanStart < position;
        };
    }

    [GeneratedRegex("""^#(r|i)\s+"([^"]+)"\s*;?\s*(//.*)?$""")]
    private static partial Regex Reference();

    [GeneratedRegex("""^#!import\s+"?([^"]+?)"?\s*$""")]
    private static partial Regex Import();

    [GeneratedRegex("""^([ \t]*)(#[!ri].*)$""", RegexOptions.Multiline)]
    private static partial Regex Hash();
}
