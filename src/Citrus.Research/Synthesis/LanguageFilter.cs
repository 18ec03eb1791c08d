using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Holds a narrative to the language of its question: Chinese to Chinese, English to English, no third script.</summary>
/// <remarks>Latin letters may stand in Chinese (CT, IgA, Staphylococcus aureus), but no whole clause; Greek letters and units may stand anywhere; whatever the question itself has, the narrative may repeat.</remarks>
public static partial class LanguageFilter
{
    public const string Reason = "language";

    /// <summary>What is in the wrong language; null where nothing is.</summary>
    /// <param name="question">What the student is asked.</param>
    /// <param name="text">Thought and answer.</param>
    public static string? Find(string question, string text)
    {
        var chinese = QuestionLanguage.Of(question) == QuestionLanguage.Chinese;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune) || IsCommon(rune.Value) || question.Contains(rune.ToString(), StringComparison.Ordinal)) continue;
            if (!QuestionLanguage.IsHan(rune.Value) && rune.Value != '々') return $"the letter {rune} (U+{rune.Value:X4}) of another script";
            if (!chinese) return $"the Chinese character {rune} in an answer to an English question";
        }

        if (GreekWord().Match(text) is { Success: true } greek && !question.Contains(greek.Value, StringComparison.Ordinal)) return $"the Greek word {greek.Value}";
        if (!chinese) return null;
        if (Clause().Match(text) is { Success: true } clause && !question.Contains(clause.Value, StringComparison.Ordinal)) return string.Create(CultureInfo.InvariantCulture, $"a clause in English: {clause.Value.Trim()}");
        return text.Any(char.IsLetter) && QuestionLanguage.Of(text) != QuestionLanguage.Chinese ? "an English answer to a Chinese question" : null;
    }

    /// <summary>Latin and Greek with all their marks, phonetic letters, letter-like symbols, super- and subscripts, mathematical letters.</summary>
    private static bool IsCommon(int c) => c is < 0x0250 or >= 0x0250 and < 0x0300 or >= 0x0370 and < 0x0400 or >= 0x1D00 and < 0x2000 or >= 0x2070 and < 0x20A0 or >= 0x2100 and < 0x2190
        or >= 0x2C60 and < 0x2C80 or >= 0xA720 and < 0xA800 or >= 0xFF21 and <= 0xFF5A or >= 0x1D400 and < 0x1D800;

    [GeneratedRegex(@"[\u0370-\u03FF\u1F00-\u1FFF]{4,}")]
    private static partial Regex GreekWord();

    [GeneratedRegex(@"(?:[A-Za-z][a-z'’-]*[ ,]+){7,}[A-Za-z'’-]+")]
    private static partial Regex Clause();
}
