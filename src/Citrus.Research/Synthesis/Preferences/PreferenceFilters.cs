using System.Text;
using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Which sampled texts may stand on either side of a pair. A blemish that only one side has would be what training learns.</summary>
public static partial class PreferenceFilters
{
    public const string CutOff = "cut off";
    public const string NoAnswer = "no answer tags";
    public const string StrayTags = "stray tags";
    public const string Language = "language";
    public const string ShortThought = "short thought";
    public const string Duplicate = "duplicate";

    /// <summary>Every reason, in the order in which they are looked for.</summary>
    public static IReadOnlyList<string> All { get; } = [CutOff, NoAnswer, StrayTags, Language, ShortThought, Duplicate];

    /// <summary>Why a text may not stand in a pair; null where it may. <see cref="Duplicate"/> is for the caller, who knows the others.</summary>
    /// <param name="cutOff">Whether the sampler says that it stopped at its token limit.</param>
    /// <param name="minimumThought">Fewest characters of a thought in prose.</param>
    public static string? Refuses(Question question, string text, bool cutOff, int minimumThought)
    {
        var trimmed = text.Trim();
        if (cutOff || (Count(trimmed, ThinkText.OpenTag) > Count(trimmed, ThinkText.CloseTag)) || Count(trimmed, AnswerExtraction.OpenTag) > Count(trimmed, AnswerExtraction.CloseTag)) return CutOff;
        if (!trimmed.Contains(AnswerExtraction.OpenTag, StringComparison.Ordinal)) return NoAnswer;
        if (Form().Match(trimmed) is not { Success: true } form || Stray().IsMatch(form.Groups["thought"].ValueSpan) || Stray().IsMatch(form.Groups["answer"].ValueSpan)) return StrayTags;
        if (ChartSynthesis.RegisterOf(question) == Register.Chart) return null;
        var thought = form.Groups["thought"].Value.Trim();
        if (!SpeaksAs(question, thought + "\n" + form.Groups["answer"].Value)) return Language;
        return new System.Globalization.StringInfo(thought).LengthInTextElements < minimumThought ? ShortThought : null;
    }

    /// <summary>Whether the text is in the question's language: no script beside Latin, Greek (names of substances) and, for Chinese, Han, but what the question itself uses.</summary>
    private static bool SpeaksAs(Question question, string text)
    {
        var language = QuestionLanguage.Of(question);
        if (text.Any(char.IsLetter) && QuestionLanguage.Of(text) != language) return false;
        var known = new HashSet<Rune>(QuestionText.Prose(question).EnumerateRunes());
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune) || known.Contains(rune)) continue;
            var han = QuestionLanguage.IsHan(rune.Value);
            if (han ? language != QuestionLanguage.Chinese : !IsLatinOrGreek(rune.Value)) return false;
        }

        return true;
    }

    // Latin with its supplements, Greek, letter-like symbols (mu, Angstrom) and full-width Latin, which Chinese typesetting uses.
    private static bool IsLatinOrGreek(int codePoint) =>
        codePoint is <= 0x024F or >= 0x0250 and <= 0x02FF or >= 0x0370 and <= 0x03FF or >= 0x1E00 and <= 0x1FFF or >= 0x2100 and <= 0x214F or >= 0xFF21 and <= 0xFF5A;

    private static int Count(string text, string tag)
    {
        var count = 0;
        for (var at = text.IndexOf(tag, StringComparison.Ordinal); at >= 0; at = text.IndexOf(tag, at + tag.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    [GeneratedRegex(@"\A(?:<think>(?<thought>(?:(?!</?(?:think|answer)>).)*)</think>\s*)?<answer>(?<answer>(?:(?!</?(?:think|answer)>).)*)</answer>\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    // Markup of prompts and chat templates: <|im_end|>, <s>, [INST], <step>, </reasoning>, a heading of our own prompts. "p < 0.05 and x > 3" is none.
    [GeneratedRegex(@"<\|[^|>\n]{0,40}\|>|</?[A-Za-z][A-Za-z_\-]{0,30}/?>|\[/?INST\]|<<?/?SYS>>?|^### ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Stray();
}
