using System.Text.RegularExpressions;

namespace Citrus.Research.Questions;

/// <summary>Finds the chosen option in an output, in prose (<c>&lt;answer&gt;B. Pulmonary embolism&lt;/answer&gt;</c>) and in charts (<c>&lt;answer&gt; x A &lt;/answer&gt;</c>).</summary>
/// <remarks>
/// Tiers: the last answer tag; else a stated letter, the last one; else an option's text. What stands in the thought never counts.
/// A letter must be an upper-case label of the question, so that the article "a" is none. Never throws; the time is proportional to the output's length.
/// docs/extraction.md tells what each tier reads, and how often others read another answer.
/// </remarks>
public static partial class AnswerExtraction
{
    public const string OpenTag = "<answer>";
    public const string CloseTag = "</answer>";

    /// <summary>Characters behind the thought that are looked at, from the end.</summary>
    private const int MaximumLength = 200_000;

    /// <summary>Characters at the end in which an option's text counts that nothing announces as the answer.</summary>
    private const int End = 400;

    /// <summary>The option that the output chose.</summary>
    public static ExtractedAnswer Extract(string output, IReadOnlyList<Option> options)
    {
        var think = ThinkText.Split(output);
        // Long runs of white space say nothing.
        var text = HalfWidth(LongGap().Replace(think.Answer.Length > MaximumLength ? think.Answer[^MaximumLength..] : think.Answer, " "));
        if (Tagged(text) is { } tagged)
        {
            var (letter, named) = Read(tagged.Content, options);
            if (letter is not null || named is not null) return new ExtractedAnswer(ExtractionTier.Tagged, letter, named, think.IsClosed && tagged.IsAlone);
            // an answer was given and it is none of the options: looking elsewhere would put words into its mouth
            return new ExtractedAnswer(ExtractionTier.None, null, null, false);
        }

        if (AnswerStatements.Last(text, options) is { At: >= 0 } said)
            return new ExtractedAnswer(said.Letter is not null ? ExtractionTier.Stated : said.Named is not null ? ExtractionTier.OptionText : ExtractionTier.None, said.Letter, said.Named, false);
        var option = AtTheEnd(text, options);
        return new ExtractedAnswer(option is null ? ExtractionTier.None : ExtractionTier.OptionText, null, option, false);
    }

    /// <summary>What stands in the last answer tag, and whether a closed tag is all there is; null where there is no tag.</summary>
    internal static (string Content, bool IsAlone)? Tagged(string text)
    {
        var open = text.LastIndexOf(OpenTag, StringComparison.OrdinalIgnoreCase);
        if (open < 0) return null;
        var content = text[(open + OpenTag.Length)..];
        var close = content.IndexOf(CloseTag, StringComparison.OrdinalIgnoreCase);
        return close < 0 ? (content, false) : (content[..close], open == 0 && close + CloseTag.Length == content.Length);
    }

    /// <summary>The label and the named option in an answer's text alone.</summary>
    internal static (string? Letter, string? Named) Read(string answer, IReadOnlyList<Option> options)
    {
        var text = answer.Trim().Trim('*', '"', '`').Trim();
        if (text.Length == 0) return (null, null);
        string? Label(string s) => options.FirstOrDefault(o => o.Label == s)?.Label;

        // a letter alone; then an option's text alone, which may itself begin or end with a letter ("Vitamin A")
        if (LoneLetter().Match(text) is { Success: true } lone && Label(lone.Groups[1].Value) is { } only) return (only, null);
        if (OptionTexts.Same(text, options) is { } whole) return (null, whole);
        // two letters are no choice of one
        if (Letters().Match(text) is { Success: true } many && many.Groups["letter"].Captures.Select(c => c.Value).Where(l => Label(l) is not null).Distinct().Count() > 1) return (null, null);

        if (LeadingLetter().Match(text) is { Success: true } lead && Label(lead.Groups["letter"].Value) is { } first)
        {
            var rest = text[lead.Length..];
            // without a mark behind it, "A" may be an article: then the rest must be the option's text
            if (lead.Groups["mark"].Success || OptionTexts.Same(rest, options) is not null) return (first, OptionTexts.Same(rest, options) ?? OptionTexts.Mentioned(rest, options));
        }

        if (TrailingLetter().Match(text) is { Success: true } trail && Label(trail.Groups["letter"].Value) is { } last)
        {
            var rest = text[..trail.Index];
            var isWord = !rest.Trim().Any(char.IsWhiteSpace);
            if (trail.Groups["mark"].Success || isWord || OptionTexts.Same(rest, options) is not null) return (last, OptionTexts.Same(rest, options) ?? OptionTexts.Mentioned(rest, options));
        }

        var said = AnswerStatements.Last(text, options);
        return said.Letter is not null ? (said.Letter, said.Named) : (null, OptionTexts.Mentioned(text, options));
    }

    /// <summary>The option whose text is said in the last line, or in the last words, where neither a refusal is nor a denial of all.</summary>
    private static string? AtTheEnd(string text, IReadOnlyList<Option> options)
    {
        var end = text.TrimEnd();
        if (end.Length > End) end = end[^End..];
        if (Refusal().IsMatch(text.Length > End ? text[..End] : text) || Refusal().IsMatch(end)) return null;
        if (NoneOfThem().IsMatch(end) && !options.Any(o => o.Text.StartsWith("none", StringComparison.OrdinalIgnoreCase) || o.Text.StartsWith('无') || o.Text.StartsWith('均'))) return null;
        return OptionTexts.Mentioned(end[(end.LastIndexOf('\n') + 1)..], options) ?? OptionTexts.Mentioned(end, options);
    }

    /// <summary>Full-width letters, brackets and marks of Chinese text as their ASCII twins, so that one set of patterns reads both; every character keeps its place.</summary>
    private static string HalfWidth(string text) => text.AsSpan().IndexOfAnyInRange('\uFF01', '\uFF5E') < 0 ? text
        : string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = from[i] is >= '\uFF21' and <= '\uFF3A' or '（' or '）' or '：' or '．' ? (char)(from[i] - 0xFEE0) : from[i];
        });

    [GeneratedRegex(@"^\(?([A-Z])\)?[.:]?$")]
    private static partial Regex LoneLetter();

    [GeneratedRegex(@"^[*(\[]{0,3}(?<letter>[A-Z])[*)\]]{0,3}(?:\s{0,9}(?:,\s{0,9}(?i:and|or)\b|\b(?i:and|or)\b|[,，、/&;；和或及与])\s{0,9}[*(\[]{0,3}(?<letter>[A-Z])[*)\]]{0,3}){1,26}[.。]?$")]
    private static partial Regex Letters();

    [GeneratedRegex(@"^(?:(?:[Oo]ption|[Aa]nswer|[Cc]hoice):? )?(?:(?<mark>\()(?<letter>[A-Z])\)[.:,]?|(?<letter>[A-Z])(?:(?<mark>[.):,、]|\s{0,9}[-\u2013])(?=\s|$)|(?<mark>[.):、])(?=[^\x00-\x7F])|(?=\s)))")]
    private static partial Regex LeadingLetter();

    [GeneratedRegex(@"(?:(?<mark>\()(?<letter>[A-Z])\)|(?<=\s)(?<letter>[A-Z]))\.?$")]
    private static partial Regex TrailingLetter();

    [GeneratedRegex(@"(?i)\bI(?:'m| am)\s{1,9}sorry\b|\bI\s{1,9}apologi[sz]e\b|\bI\s{1,9}(?:cannot|can't|can\s{1,9}not|am\s{1,9}unable|am\s{1,9}not\s{1,9}able)\b|无法(?:回答|提供|确定)|抱歉")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"(?i)\bnone\s{1,9}of\s{1,9}(?:the|these)\b(?:\s{1,9}\w{1,20}){0,3}\s{1,9}(?:options|choices|answers|above)\b|\bnot\s{1,9}(?:\w{1,20}\s{1,9})?(?:listed|among\s{1,9}the\s{1,9}(?:\w{1,20}\s{1,9}){0,2}(?:options|choices))\b|以上都不|均不正确")]
    private static partial Regex NoneOfThem();

    [GeneratedRegex(@"\s{50,}")]
    private static partial Regex LongGap();
}
