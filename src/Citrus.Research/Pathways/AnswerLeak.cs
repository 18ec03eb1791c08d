using System.Text.RegularExpressions;
using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>Keeps a reflection expert's feedback from giving the answer away.</summary>
public static class AnswerLeak
{
    /// <summary>What stands where an answer stood.</summary>
    public const string Withheld = "(withheld)";

    /// <summary>Whether the text names a right option: its whole text as words, or its label as an answer ("answer: B", "option B", "(B)").</summary>
    public static bool In(string text, Question question) => Mask(text, question) != text;

    /// <summary>The text with every mention of a right option replaced by <see cref="Withheld"/>.</summary>
    public static string Mask(string text, Question question)
    {
        foreach (var option in question.Options.Where(o => question.Answers.Contains(o.Label)))
        {
            if (text.Contains(option.Text, StringComparison.OrdinalIgnoreCase))
                text = Regex.Replace(text, $"{Bound(option.Text[0], "(?<![A-Za-z0-9_])")}{Regex.Escape(option.Text)}{Bound(option.Text[^1], "(?![A-Za-z0-9_])")}", Withheld, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            // Cheap test first: feedback is checked on every step.
            if (text.Contains(option.Label, StringComparison.Ordinal))
            {
                text = Regex.Replace(
                    text, $@"(?i)\b(answer(?:\s+is|\s*:)?|option|choice|choose|pick|letter)\s+(?-i:\(?{Regex.Escape(option.Label)}\)?)(?!\w)", $"$1 {Withheld}", RegexOptions.CultureInvariant);
                text = text.Replace($"({option.Label})", Withheld, StringComparison.Ordinal).Replace($"（{option.Label}）", Withheld, StringComparison.Ordinal);
                text = Regex.Replace(text, $"(答案(?:是|为|：|:)?|选项?|选择|应选)\\s*{Regex.Escape(option.Label)}(?![A-Za-z0-9_])", $"$1{Withheld}", RegexOptions.CultureInvariant);
            }
        }

        return text;
    }

    /// <summary>A word's bound, beside a letter that has words; Chinese has none.</summary>
    private static string Bound(char beside, string bound) => char.IsAsciiLetterOrDigit(beside) ? bound : "";
}
