using System.Text.RegularExpressions;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks.Formatting;

/// <summary>
/// HTML that can stand in a page as it is: tables, text and lists, built of a few tags and attributes that can neither run, load nor cover anything. Everything is
/// refused that is not on the list; nothing is repaired.
/// </summary>
internal static partial class HarmlessHtml
{
    private const int MaxLength = 4_000_000;

    private static readonly HashSet<string> Tags = new(
        "table thead tbody tfoot tr th td caption div span p b i u s em strong code pre small sub sup ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote details summary br hr".Split(' '), StringComparer.Ordinal);

    // The formatter's own style sheet, which comes with each of its tables; the page has one for all.
    private static readonly Lazy<string> OwnStyle = new(static () => StyleElement().Match(0.ToDisplayString(HtmlFormatter.MimeType)).Value);

    /// <summary>Whether HTML is harmless.</summary>
    /// <param name="html">The HTML.</param>
    /// <param name="inline">The same without the formatter's own style sheet.</param>
    public static bool Is(string html, out string inline)
    {
        inline = OwnStyle.Value.Length > 0 ? html.ReplaceLineEndings("\n").Replace(OwnStyle.Value.ReplaceLineEndings("\n"), "", StringComparison.Ordinal) : html;
        if (inline.Length > MaxLength) return false;
        // Balanced, too: a closing tag must not end an element of the page.
        var open = new Stack<string>();
        var position = 0;
        while (position < inline.Length)
        {
            var next = inline.IndexOf('<', position);
            if (next < 0) break;
            // None of the allowed attributes holds a bracket.
            var close = inline.IndexOf('>', next);
            if (close < 0 || close - next > 5000 || Tag().Match(inline[next..(close + 1)]) is not { Success: true } tag) return false;
            var name = tag.Groups["name"].Value.ToLowerInvariant();
            if (!Tags.Contains(name)) return false;
            if (tag.Groups["end"].Success)
            {
                if (tag.Groups["attributes"].Length > 0) return false;
                if (open.Count == 0 || open.Pop() != name) return false;
            }
            else if (Attribute().Matches(tag.Groups["attributes"].Value).Any(a => !IsHarmless(a.Groups[1].Value, a.Groups[2].Value)))
            {
                return false;
            }
            else if (name is not ("br" or "hr"))
            {
                if (open.Count == 200) return false;
                open.Push(name);
            }

            position = close + 1;
        }

        return open.Count == 0;
    }

    [GeneratedRegex("<style>[^<]*</style>")]
    private static partial Regex StyleElement();

    private static bool IsHarmless(string attribute, string value) => attribute.ToLowerInvariant() switch
    {
        "class" => value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_'),
        "colspan" or "rowspan" or "start" => value.Length is > 0 and < 4 && value.All(char.IsAsciiDigit),
        "align" or "valign" or "scope" => value.All(char.IsAsciiLetter),
        "title" => true,
        "open" => value is "" or "open" or "true",
        "style" => value.Split(';').All(d => string.IsNullOrWhiteSpace(d) || Declaration().IsMatch(d)),
        _ => false,
    };

    [GeneratedRegex("""^<(?<end>/)?(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s+[a-z]+(?:="[^"<>]*")?)*)\s*/?>\z""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("""([a-z]+)(?:="([^"<>]*)")?""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Attribute();

    // No address, no place of its own, nothing negative: what it styles stays where it is.
    [GeneratedRegex(@"^\s*(?:color|background|background-color|text-align|vertical-align|white-space|font-weight|font-style|font-size|line-height|list-style|padding(?:-[a-z]+)?|margin(?:-[a-z]+)?|width|max-width|border(?:-[a-z]+)?)\s*:(?:\s*(?:#[0-9a-f]+|[a-z][a-z\-]*|[0-9.]+(?:px|em|rem|%|ch)?))+\s*\z", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Declaration();
}
