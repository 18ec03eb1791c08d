using System.Text.RegularExpressions;

namespace Citrus.Research.Questions;

/// <summary>What an output states as its answer in so many words: the last of "the answer is (B)", "Answer: pulmonary embolism", a box, "(B) is the most likely", "答案是 B", a line that is a letter.</summary>
/// <remarks>Every repetition in the patterns is bounded, so that the time is proportional to the text whatever it is.</remarks>
internal static partial class AnswerStatements
{
    private const int LongestLine = 2000;

    /// <summary>A text that announces its answer more often than this and says none is going round in circles.</summary>
    private const int MostAnnouncements = 100;

    /// <summary>A statement.</summary>
    /// <param name="Letter">The label; null where an option was named, or nothing that is an option.</param>
    /// <param name="Named">The option whose text was said.</param>
    /// <param name="At">Where; -1 where there is no statement.</param>
    public readonly record struct Statement(string? Letter, string? Named, int At)
    {
        public static Statement None => new(null, null, -1);
    }

    /// <summary>The last statement. One of two letters, or of a letter that no option has, is a statement without an option.</summary>
    public static Statement Last(string text, IReadOnlyList<Option> options)
    {
        var last = Announced(text, options);
        foreach (var next in (ReadOnlySpan<Statement>)[Plain(text, options), LastLine(text, options), AfterColon(text, options)])
            if (next.At > last.At) last = next;
        if (last.At >= 0) return last;
        // An output that ends in the list of options says none of them.
        return EndsInList(text, options) ? new Statement(null, null, text.Length) : LastSentence(text, options);
    }

    /// <summary>"The answer is ...", "Answer: ...", "I choose ...", "答案是 ..." and what follows in the line.</summary>
    private static Statement Announced(string text, IReadOnlyList<Option> options)
    {
        foreach (var match in Announcement().Matches(text).Reverse().Take(MostAnnouncements))
        {
            var start = match.Index + match.Length;
            var rest = Line(text, start);
            // "The answer is:" and the answer in the next line; but not over an announcement of another kind.
            if (rest.Trim().Trim('*', ':', '_').Length == 0 && NextLine(text, start) is { } next) (start, rest) = next;
            if (Said(rest, options, match.Groups["choose"].Success) is { } said) return said with { At = start };
        }

        return Statement.None;
    }

    /// <summary>What the words behind an announcement say; null where they name no option.</summary>
    private static Statement? Said(string rest, IReadOnlyList<Option> options, bool letterOnly)
    {
        var bare = rest.Trim().Trim('*', '_', '"', '`', '$', ' ', '。', '，');
        if (Lone().Match(bare) is { Success: true } lone)
            // "The answer is (E)" where there is no E: an answer was given, and it is none of the options (unless E is what an option says).
            return LabelOf(lone.Groups["letter"].Value, options) is { } label ? new Statement(label, null, 0) : new Statement(null, OptionTexts.Same(bare, options), 0);
        if (!letterOnly && OptionTexts.Same(bare, options) is { } whole) return new Statement(null, whole, 0);
        if (Leading().Match(rest) is { Success: true } lead && LabelOf(lead.Groups["letter"].Value, options) is { } letter)
        {
            var behind = rest[lead.Length..];
            return Another().Match(behind) is { Success: true } other && other.Groups["letter"].Value != letter && LabelOf(other.Groups["letter"].Value, options) is not null
                ? new Statement(null, null, 0)
                : new Statement(letter, OptionTexts.Mentioned(behind, options), 0);
        }

        if (letterOnly || Denial().IsMatch(rest)) return null;
        var near = rest.Length > 300 ? rest[..300] : rest;
        if (InBrackets().Match(near) is { Success: true } bracket && LabelOf(bracket.Groups["letter"].Value, options) is { } behindText
            && OptionTexts.Mentioned(near[..bracket.Index], options) is { } said && said == behindText) return new Statement(behindText, said, 0);
        return OptionTexts.Mentioned(near, options) is { } named ? new Statement(null, named, 0) : null;
    }

    /// <summary>"\boxed{B}", "(B) is the most likely", "B is the correct choice", "B项正确".</summary>
    private static Statement Plain(string text, IReadOnlyList<Option> options)
    {
        foreach (var match in Assertion().Matches(text).Reverse())
            if (LabelOf(match.Groups["letter"].Value, options) is { } letter)
                return new Statement(letter, OptionTexts.Mentioned(Line(text, match.Index + match.Length), options), match.Index);
        return Statement.None;
    }

    /// <summary>A last line that is a letter, or a letter and its option's text; an output of one line may say more behind the letter.</summary>
    private static Statement LastLine(string text, IReadOnlyList<Option> options)
    {
        var line = text.TrimEnd();
        var start = line.LastIndexOf('\n') + 1;
        line = line[start..];
        return OptionLine(line, options, needsText: start > 0) is { } said && !EndsInList(text, options) ? said with { At = start } : Statement.None;
    }

    private static bool EndsInList(string text, IReadOnlyList<Option> options)
    {
        var end = text.TrimEnd();
        var start = end.LastIndexOf('\n') + 1;
        return start > 0 && OptionLine(end[start..], options, needsText: true) is { Letter: { } last }
            && OptionLine(PreviousLine(end, start), options, needsText: true) is { Letter: { } before } && before != last;
    }

    /// <summary>"... is most likely:" and in the next line "(B) ..." or "B", whatever comes behind it, unless a list of options follows.</summary>
    private static Statement AfterColon(string text, IReadOnlyList<Option> options)
    {
        foreach (var match in Colon().Matches(text).Reverse())
        {
            if (NextLine(text, match.Index + match.Length) is not { } next || OptionLine(next.Line, options, needsText: false) is not { Letter: { } letter } said) continue;
            if (NextLine(text, text.IndexOf('\n', next.Start) is >= 0 and var end ? end : text.Length) is { } after && OptionLine(after.Line, options, needsText: false) is { Letter: { } other } && other != letter) continue;
            return said with { At = next.Start };
        }

        return Statement.None;
    }

    /// <summary>A last sentence that ends in a letter in brackets: "the factor that has not received support is (F)."</summary>
    private static Statement LastSentence(string text, IReadOnlyList<Option> options)
    {
        var line = text.TrimEnd();
        line = line[Math.Max(line.LastIndexOf('\n') + 1, line.Length - 300)..];
        return Ending().Match(line) is { Success: true } end && LabelOf(end.Groups["letter"].Value, options) is { } letter
            ? new Statement(letter, null, text.Length)
            : Statement.None;
    }

    /// <summary>A line that is a label, marked as one, alone or with a text; null where it is not.</summary>
    private static Statement? OptionLine(string line, IReadOnlyList<Option> options, bool needsText)
    {
        var bare = line.Trim().Trim('*', '_', ' ').Trim();
        if (Lone().Match(bare) is { Success: true } lone) return LabelOf(lone.Groups["letter"].Value, options) is { } only ? new Statement(only, null, 0) : null;
        if (Marked().Match(bare) is not { Success: true } marked || LabelOf(marked.Groups["letter"].Value, options) is not { } letter) return null;
        var text = bare[marked.Length..];
        var named = OptionTexts.Same(text, options);
        return needsText && named is null ? null : new Statement(letter, named ?? OptionTexts.Mentioned(text, options), 0);
    }

    private static string? LabelOf(string letter, IReadOnlyList<Option> options) => options.FirstOrDefault(o => o.Label == letter)?.Label;

    /// <summary>The rest of a line, as far as an answer can reach.</summary>
    private static string Line(string text, int start)
    {
        var near = text.AsSpan(start, Math.Min(LongestLine, text.Length - start));
        var end = near.IndexOf('\n');
        return near[..(end < 0 ? near.Length : end)].ToString();
    }

    private static (int Start, string Line)? NextLine(string text, int from)
    {
        var start = from;
        while (start < text.Length && char.IsWhiteSpace(text[start])) start++;
        return start < text.Length && text.AsSpan(from, start - from).Contains('\n') ? (start, Line(text, start)) : null;
    }

    private static string PreviousLine(string text, int start)
    {
        var before = text[..start].TrimEnd();
        return before[(before.LastIndexOf('\n') + 1)..];
    }

    // Upper case only, and no article or pronoun ("A patient", "I think"), no word ("B-cell").
    private const string Letter = @"(?<letter>[B-HJ-Z]|[AI](?!\s{1,9}(?!(?:because|since|as|which|and|due|given|or)\b)[a-z]))(?![A-Za-z0-9'_]|-[A-Za-z])";

    [GeneratedRegex(
        @"(?i:\banswers?(?:\s{1,9}(?:choice|option|letter))?(?:\s{1,9}(?:to|for|among|of|here|from|in|given|based)\b[^.:\n]{0,80}?)?(?:\s{1,9}(?:is|would\s{1,9}be|should\s{1,9}be|must\s{1,9}be|will\s{1,9}be|remains)\b|[*_]{0,3}\s{0,9}[:=：]))"
        + @"|(?i:\b(?:correct|right|best|final|likely|appropriate|suitable)\s{1,9}(?:choice|option)(?:\s{1,9}(?:is|would\s{1,9}be|should\s{1,9}be|must\s{1,9}be)\b|[*_]{0,3}\s{0,9}[:=：]))"
        + @"|(?<choose>(?i:\b(?:i|i'd|i'll|we|would|will|to|therefore|thus|so|and|can)\s{1,9}(?:choose|select|pick|go\s{1,9}with|opt\s{1,9}for)\b))"
        + @"|(?:答案|(?:正确|最佳|最终|合适)的?(?:选项|选择))(?:应该|应当|应|就|即|显然){0,2}(?:是|为|选择|选|：|:|\s{0,3}[=＝])"
        + @"|(?<choose>(?<!不|勿|非|别|误|漏|错|多|可|备|挑)(?:应该?选择?|故选择?|故?本题选择?|因此选择?|所以选择?|选择|选)(?!项|题|择|出|用))")]
    private static partial Regex Announcement();

    [GeneratedRegex(@"^[\s*_:：""“'‘$]{0,20}(?i:(?:therefore|thus|likely|most\s{1,9}likely|probably|clearly|indeed|still|actually|definitely)[,\s]{1,9})?(?i:(?:the\s{1,9})?(?:option|choice|letter|answer|选项)\s{0,9})?[\s*_""“'‘$]{0,9}[(\[【]?[*_]{0,3}" + Letter + @"[)\]】]?")]
    private static partial Regex Leading();

    [GeneratedRegex(@"^[*_)\]]{0,4}\s{0,9}(?:,?\s{0,9}\b(?i:and|or)\b|[,，、/&;；和或及与])\s{0,9}(?i:(?:option|choice)\s{1,9})?[*_(\[]{0,4}(?<letter>[A-Z])[*_)\]]{0,4}(?=\s{0,9}(?:[.,;，。；、/&*\n]|$|\b(?i:and|or)\b))")]
    private static partial Regex Another();

    [GeneratedRegex(@"^[\s*_:]{0,20}(?i:not|none|neither|no\b|unclear|unknown|不是|非)")]
    private static partial Regex Denial();

    [GeneratedRegex(@"[(\[](?<letter>[A-Z])[)\]][\s*_.。]{0,9}$")]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"^[(\[【]?(?<letter>[A-Z])[)\]】]?[.:。]?$")]
    private static partial Regex Lone();

    [GeneratedRegex(@"^(?:(?i:option|choice)\s{1,9}|选项\s{0,3})?(?:[(\[【](?<letter>[A-Z])[)\]】][.:,]?|(?<letter>[A-Z])[*_]{0,3}[.):、．](?!\w))[*_\s]{0,9}")]
    private static partial Regex Marked();

    [GeneratedRegex(
        @"\\boxed\{\s{0,9}(?:\\(?:text|textbf|mathrm|mathbf)\{\s{0,9})?\(?" + Letter
        + @"|(?:(?i:\b(?:option|choice|answer)\s{1,9})[*_(\[]{0,4}(?<letter>[A-Z])[)\]*_]{0,4}|\((?<letter>[A-Z])\)[*_]{0,3}|(?<=^|\n\s{0,3}|[.!?]\s{1,3}|\*\*)(?<letter>[A-Z])[)*_]{0,3})(?:[.:]?\s{1,9}[^.()\n]{1,80}?)?\s{1,9}is\s{1,9}(?:(?:therefore|thus|clearly|likely)\s{1,9})?(?:the\s{1,9})?"
        + @"(?:correct\b|right\b(?!-)|best\b(?!\s{1,9}\w{1,20}ed\b)|most\s{1,9}(?:likely|appropriate|probable|suitable|plausible|accurate)\b)(?!\s{1,9}only)"
        + @"|(?<![A-Za-z0-9])(?<letter>[A-Z])(?:选项|项)?(?:是|为)?(?:最?正确|最佳|最合适)(?!率|性)")]
    private static partial Regex Assertion();

    [GeneratedRegex(@"(?i:\b(?:is|are|be|answer|option|choice|with|select|choose)|是|为|答案|选择)[*_\s]{0,5}[:：][*_ ]{0,5}(?=\s{0,9}\n)")]
    private static partial Regex Colon();

    [GeneratedRegex(@"(?i:\b(?:is|are|be)\b|是|为)\s{0,9}:?\s{0,9}(?i:(?:option|choice)\s{1,9})?[*_]{0,3}\((?<letter>[A-Z])\)[*_]{0,3}[.。]?$")]
    private static partial Regex Ending();
}
