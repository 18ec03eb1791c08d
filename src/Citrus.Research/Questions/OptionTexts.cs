using System.Text;
using System.Text.RegularExpressions;

namespace Citrus.Research.Questions;

/// <summary>Which option's text is said in a text: case, spaces and the punctuation around it aside.</summary>
internal static partial class OptionTexts
{
    /// <summary>The one option whose text this is; null where none or several are.</summary>
    public static string? Same(string text, IReadOnlyList<Option> options)
    {
        var plain = Plain(text);
        var same = options.Where(o => Plain(o.Text) == plain).ToList();
        return plain.Length > 0 && same.Count == 1 ? same[0].Label : null;
    }

    /// <summary>The one option whose text is said; null where none or several are. A text within another option's text that is said does not count.</summary>
    public static string? Mentioned(string text, IReadOnlyList<Option> options)
    {
        var said = Plain(text);
        string? found = null;
        foreach (var (label, plain) in options.Select(o => (o.Label, Plain: Plain(o.Text))).OrderByDescending(o => o.Plain.Length))
        {
            if (plain.Length == 0 || TakeOut(said, plain) is not { } rest) continue;
            if (found is not null) return null;
            (said, found) = (rest, label);
        }

        return found;
    }

    private static string Plain(string text) => Space().Replace(text, " ").Trim(' ', '.', ',', ';', ':', '*', '"', '(', ')', '。', '，').ToLowerInvariant();

    /// <summary>The text without some words, at each of their places; null where they are not in it.</summary>
    private static string? TakeOut(string text, string words)
    {
        StringBuilder? rest = null;
        var kept = 0;
        for (var at = text.IndexOf(words, StringComparison.Ordinal); at >= 0; at = text.IndexOf(words, at, StringComparison.Ordinal))
        {
            static bool IsWord(char c) => (char.IsLetterOrDigit(c) && !QuestionLanguage.IsHan(c)) || c == '_';
            var end = at + words.Length;
            if ((at > 0 && IsWord(text[at - 1]) && IsWord(words[0])) || (end < text.Length && IsWord(text[end]) && IsWord(words[^1])))
            {
                at++;
                continue;
            }

            (rest ??= new()).Append(text, kept, at - kept).Append('\0');
            (kept, at) = (end, end);
        }

        return rest?.Append(text, kept, text.Length - kept).ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
