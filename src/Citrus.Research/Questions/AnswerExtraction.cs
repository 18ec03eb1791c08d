using System.Text.RegularExpressions;

namespace Citrus.Research.Questions;

/// <summary>Finds the chosen option in an output, in prose (<c>&lt;answer&gt;B. Pulmonary embolism&lt;/answer&gt;</c>) and in charts (<c>&lt;answer&gt; x A &lt;/answer&gt;</c>).</summary>
/// <remarks>
/// Tiers: the last answer tag; else a stated letter, the last one; else an option's text. What stands in the thought never counts.
/// A letter must be an upper-case label of the question, so that the article "a" is none.
/// </remarks>
public static partial class AnswerExtraction
{
    public const string OpenTag = "<answer>";
    public const string CloseTag = "</answer>";

    /// <summary>Characters of an output that are looked at, from its end.</summary>
    private const int MaximumLength = 200_000;

    /// <summary>The option that the output chose.</summary>
    public static ExtractedAnswer Extract(string output, IReadOnlyList<Option> options)
    {
        // Long runs of white space say nothing and would make the patterns below try every way to split them.
        var think = ThinkText.Split(LongGap().Replace(output.Length > MaximumLength ? output[^MaximumLength..] : output, " "));
        var text = think.Answer;
        var open = text.LastIndexOf(OpenTag, StringComparison.Ordinal);
        if (open >= 0)
        {
            var content = text[(open + OpenTag.Length)..];
            var close = content.IndexOf(CloseTag, StringComparison.Ordinal);
            var tidy = think.IsClosed && open == 0 && close >= 0 && close + CloseTag.Length == content.Length;
            var (letter, named) = Read(close < 0 ? content : content[..close], options);
            if (letter is not null || named is not null) return new ExtractedAnswer(ExtractionTier.Tagged, letter, named, tidy);
            // an answer was given and it is none of the options: looking elsewhere would put words into its mouth
            return new ExtractedAnswer(ExtractionTier.None, null, null, false);
        }

        if (Stated(text, options) is var (stated, about) && stated is not null)
            return new ExtractedAnswer(ExtractionTier.Stated, stated, Mentioned(about, options), false);
        var option = MentionedLast(text, options);
        return new ExtractedAnswer(option is null ? ExtractionTier.None : ExtractionTier.OptionText, null, option, false);
    }

    /// <summary>The label and the named option in an answer's text alone.</summary>
    internal static (string? Letter, string? Named) Read(string answer, IReadOnlyList<Option> options)
    {
        var text = answer.Trim().Trim('*', '"', '`').Trim();
        if (text.Length == 0) return (null, null);
        string? Label(string s) => options.FirstOrDefault(o => o.Label == s)?.Label;

        // a letter alone; then an option's text alone, which may itself begin or end with a letter ("Vitamin A")
        if (LoneLetter().Match(text) is { Success: true } lone && Label(lone.Groups[1].Value) is { } only) return (only, null);
        if (Same(text, options) is { } whole) return (null, whole);

        if (LeadingLetter().Match(text) is { Success: true } lead && Label(lead.Groups["letter"].Value) is { } first)
        {
            var rest = text[lead.Length..];
            // without a mark behind it, "A" may be an article: then the rest must be the option's text
            if (lead.Groups["mark"].Success || Same(rest, options) is not null) return (first, Same(rest, options) ?? Mentioned(rest, options));
        }

        if (TrailingLetter().Match(text) is { Success: true } trail && Label(trail.Groups["letter"].Value) is { } last)
        {
            var rest = text[..trail.Index];
            var isWord = !rest.Trim().Any(char.IsWhiteSpace);
            if (trail.Groups["mark"].Success || isWord || Same(rest, options) is not null) return (last, Same(rest, options) ?? Mentioned(rest, options));
        }

        var (stated, about) = Stated(text, options);
        return stated is not null ? (stated, Mentioned(about, options)) : (null, Mentioned(text, options));
    }

    private static (string? Letter, string About) Stated(string text, IReadOnlyList<Option> options)
    {
        foreach (var match in StatedLetter().Matches(text).Reverse())
        {
            var letter = match.Groups["letter"].Value;
            if (options.All(o => o.Label != letter)) continue;
            var end = text.IndexOf('\n', match.Index + match.Length);
            return (letter, text[(match.Index + match.Length)..(end < 0 ? text.Length : end)]);
        }

        // a whole output of one line, "B" or "B. Pulmonary embolism"
        if (!text.Contains('\n') && (LoneLetter().IsMatch(text.Trim('*', ' ')) || LeadingLetter().Match(text.Trim('*', ' ')).Groups["mark"].Success))
        {
            var line = text.Trim('*', ' ');
            var letter = (LoneLetter().Match(line) is { Success: true } lone ? lone.Groups[1] : LeadingLetter().Match(line).Groups["letter"]).Value;
            if (options.Any(o => o.Label == letter)) return (letter, line[1..]);
        }

        return (null, "");
    }

    private static string? MentionedLast(string text, IReadOnlyList<Option> options)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? null : Mentioned(lines[^1], options) ?? Mentioned(text, options);
    }

    /// <summary>The one option whose text is said; null where none or several are. A text within another option's text that is said does not count.</summary>
    private static string? Mentioned(string text, IReadOnlyList<Option> options)
    {
        var said = Plain(text);
        var found = new List<(string Label, string Text)>();
        foreach (var option in options.OrderByDescending(o => Plain(o.Text).Length))
        {
            var plain = Plain(option.Text);
            if (plain.Length == 0 || !ContainsWords(said, plain)) continue;
            said = ReplaceWords(said, plain);
            found.Add((option.Label, plain));
        }

        return found.Count == 1 ? found[0].Label : null;
    }

    private static string? Same(string text, IReadOnlyList<Option> options)
    {
        var plain = Plain(text);
        var same = options.Where(o => Plain(o.Text) == plain).ToList();
        return plain.Length > 0 && same.Count == 1 ? same[0].Label : null;
    }

    private static string Plain(string text) => Space().Replace(text, " ").Trim(' ', '.', ',', ';', ':', '*', '"', '(', ')').ToLowerInvariant();

    private static bool ContainsWords(string text, string words) => IndexOfWords(text, words) >= 0;

    private static string ReplaceWords(string text, string words)
    {
        for (var at = IndexOfWords(text, words); at >= 0; at = IndexOfWords(text, words)) text = text[..at] + "\u0000" + text[(at + words.Length)..];
        return text;
    }

    private static int IndexOfWords(string text, string words)
    {
        for (var at = text.IndexOf(words, StringComparison.Ordinal); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
            var end = at + words.Length;
            if ((at == 0 || !IsWord(text[at - 1]) || !IsWord(words[0])) && (end == text.Length || !IsWord(text[end]) || !IsWord(words[^1]))) return at;
        }

        return -1;
    }

    [GeneratedRegex(@"^\(?([A-Z])\)?[.:]?$")]
    private static partial Regex LoneLetter();

    [GeneratedRegex(@"^(?:(?:[Oo]ption|[Aa]nswer|[Cc]hoice):? )?(?:(?<mark>\()(?<letter>[A-Z])\)[.:,]?|(?<letter>[A-Z])(?:(?<mark>[.):,]|\s*[-\u2013])(?=\s|$)|(?=\s)))")]
    private static partial Regex LeadingLetter();

    [GeneratedRegex(@"(?:(?<mark>\()(?<letter>[A-Z])\)|(?<=\s)(?<letter>[A-Z]))\.?$")]
    private static partial Regex TrailingLetter();

    // "the correct answer is (B)", "Answer: B", "\boxed{B}", "B is the correct choice"; not "option A is wrong", not "the answer is A patient".
    private const string Letter = @"(?<letter>[B-HJ-Z]|[AI](?!\s+(?!(?:because|since|as|which|and|due|given)\b)[a-z]))(?![A-Za-z0-9'_])";

    [GeneratedRegex(
        @"(?i:\banswer(?:\s+(?:choice|option|letter))?(?:\s+(?:is|would\s+be|should\s+be|must\s+be)\b|\s*[:=])|\b(?:correct|right|best|final)\s+(?:choice|option)(?:\s+(?:is|would\s+be)\b|\s*[:=]))"
        + @"\s*:?\s*(?i:(?:option|choice)\s+)?[*_\s]*\(?" + Letter
        + @"|\\boxed\{\s*(?:\\text\{)?\(?" + Letter
        + @"|(?<![A-Za-z0-9'_])\(?(?<letter>[A-Z])\)?(?:[.:]\s+[^.\n]{1,80}?)?\s+is\s+(?:the\s+)?(?:correct|right|best)\b(?!\s+only)")]
    private static partial Regex StatedLetter();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\s{50,}")]
    private static partial Regex LongGap();
}
