using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Holds an open-ended rewriting against the stem it came from: every detail must survive, and nothing may give the answer away.</summary>
public static partial class OpenStemCheck
{
    /// <summary>What is wrong with a rewriting, in words that an expert can act on; null where nothing is.</summary>
    public static string? Problem(Question question, string open)
    {
        if (string.IsNullOrWhiteSpace(open)) return "the rewritten question is blank";
        if (open.Length > 2 * question.Stem.Length + 400) return "the rewritten question is more than twice as long as the stem; change only the sentence that asks";
        foreach (var (number, times) in Numbers(question.Stem).GroupBy(n => n).Select(g => (g.Key, g.Count())))
            if (Numbers(open).Count(n => n == number) < times) return $"the number \"{number}\" of the stem is missing or has changed";

        var plain = Squeezed(open);
        foreach (var sentence in Sentences(question.Stem).SkipLast(1))
            if (!IsAsking(sentence) && !plain.Contains(Squeezed(sentence), StringComparison.Ordinal)) return $"this sentence of the stem is missing or has changed: \"{Short(sentence)}\"";

        if (Refers().IsMatch(open)) return "it still refers to options (\"which of the following\")";
        foreach (var option in question.Options)
        {
            var text = PlainText.Of(option.Text);
            // A short word such as "iron" may well be part of what is asked; a whole phrase is an option.
            if (text.Length >= 4 && !Has(PlainText.Of(question.Stem), text) && Has(PlainText.Of(open), text)) return $"it names the option \"{option.Text}\", which the stem does not";
        }

        return null;
    }

    /// <summary>Every number with its unit, spaces between them aside: <c>97.7°F</c>, <c>122/77mmHg</c>, <c>23-year-old</c>, <c>22weeks</c>.</summary>
    internal static IEnumerable<string> Numbers(string text) =>
        Number().Matches(text.Normalize(System.Text.NormalizationForm.FormKC)).Select(m => Space().Replace(m.Value, "").TrimEnd('-', '/').ToLowerInvariant());

    private static IEnumerable<string> Sentences(string stem) => Ends().Split(stem).Where(s => Squeezed(s).Length > 0);

    private static bool IsAsking(string sentence) => sentence.Contains('?', StringComparison.Ordinal) || sentence.Contains('？', StringComparison.Ordinal) || Refers().IsMatch(sentence);

    // Sentences are compared without space and punctuation, which editors mend in passing.
    private static string Squeezed(string text) => PlainText.Of(text).Replace(" ", "", StringComparison.Ordinal);

    private static bool Has(string text, string words) => words.Any(c => QuestionLanguage.IsHan(c))
        ? text.Contains(words, StringComparison.Ordinal)
        : (" " + text + " ").Contains(" " + words + " ", StringComparison.Ordinal);

    private static string Short(string text) => text.Trim() is var t && t.Length <= 100 ? t : t[..100] + "...";

    [GeneratedRegex(@"\d+(?:[.,:/×x-]\d+)*(?:\s?(?:-[a-z]+(?:-[a-z]+)?|[°º℃℉%‰µμ]\s?[A-Za-z]*(?:/[A-Za-z0-9^]+)*|/\s?[A-Za-z]+[0-9^]*(?:/[A-Za-z0-9^]+)*|(?:mm|cm|m|k|µ|μ|d|n|p|f)?(?:g|L|l|mol|Eq|U|IU|Hg|Pa|m|s|Hz|Gy)(?:/[A-Za-z0-9^²³.]+)*(?![A-Za-z])|mmHg|bpm|ng|pg|weeks?|days?|months?|years?|hours?|minutes?|seconds?|h|min|[岁天日周月年时分秒次克升]|小时|分钟))?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=[.!?])\s+|(?<=[。！？；])|\n+")]
    private static partial Regex Ends();

    [GeneratedRegex(@"\b(?:which|one|all|each|any|none) of (?:the following|these options)|\bfollowing (?:options|choices|answers)|(?:以下|下列|下述)(?:选项)?(?:中)?(?:的)?(?:哪|那)|(?:以下|下列)选项", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
