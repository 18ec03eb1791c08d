namespace Citrus.Research.Questions;

/// <summary>Which language a text is in, by its script: what decides prompts and filters.</summary>
public static class QuestionLanguage
{
    public const string English = "en";
    public const string Chinese = "zh";

    /// <summary>The language of a question's stem.</summary>
    public static string Of(Question question) => Of(question.Stem);

    /// <summary>Chinese where at least a fifth of the letters are Han characters (a Chinese sentence says more with fewer characters), else English.</summary>
    public static string Of(string text)
    {
        var (han, letters) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHan(rune.Value)) han++;
            if (System.Text.Rune.IsLetter(rune)) letters++;
        }

        return han > 0 && han * 5 >= letters ? Chinese : English;
    }

    /// <summary>Whether a code point is a Han character (CJK unified ideographs and their extensions).</summary>
    public static bool IsHan(int codePoint) => codePoint is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x323AF;
}
