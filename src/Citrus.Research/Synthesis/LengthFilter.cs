using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Bounds on the length of a thought: in words, in Chinese in characters. An answer without a thought (Direct) has no length.</summary>
public static class LengthFilter
{
    public const string TooShort = "too short";
    public const string TooLong = "too long";

    /// <summary>Words; where the text is Chinese, Han characters and words of other letters.</summary>
    public static int Of(string text)
    {
        var (count, inside) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var han = QuestionLanguage.IsHan(rune.Value);
            var word = !han && !System.Text.Rune.IsWhiteSpace(rune) && (rune.Value < 0x3000 || System.Text.Rune.IsLetterOrDigit(rune));
            if (han || (word && !inside)) count++;
            inside = word;
        }

        return count;
    }

    /// <summary>The bound it breaks and its length in words; null where it keeps to both.</summary>
    public static (string Reason, string Detail)? Find(string thought, int least, int most)
    {
        if (thought.Length == 0) return null;
        var length = Of(thought);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{length} words or characters");
        return length < least ? (TooShort, detail) : length > most ? (TooLong, detail) : null;
    }
}
