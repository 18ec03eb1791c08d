using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Citrus.Research.Examples.Corpora;

/// <summary>Cleans a document by <see cref="CleaningRules"/>.</summary>
public static partial class TextCleaning
{
    private const int BoilerplateLine = 160;
    private const int Run = 10;

    /// <summary>The cleaned text, or why the document is left out.</summary>
    public static (string? Text, string? Reason) Clean(string text, CleaningRules rules)
    {
        text = Tidy(text);
        if (rules.DropBoilerplate) text = WithoutBoilerplate(text);
        if (text.Length < rules.LeastCharacters) return (null, "too short");
        if (text.Length > rules.MostCharacters) return (null, "too long");
        var (letters, visible) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune)) continue;
            visible++;
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) letters++;
        }

        if (letters < rules.LeastLetters * visible) return (null, "few letters");
        return RepeatedLines(text) > rules.MostRepeatedLines || RepeatedRuns(text) > rules.MostRepeatedRuns ? (null, "repetitive") : (text, null);
    }

    private static string Tidy(string text)
    {
        try
        {
            if (!text.IsNormalized(NormalizationForm.FormC)) text = text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // half of a surrogate pair: replaced below
        }

        var tidy = new StringBuilder(text.Length);
        var (blank, lines) = (false, 0);
        foreach (var found in text.EnumerateRunes())
        {
            var rune = found;
            if (rune.Value is '\n' or 0x85 or 0x2028 or 0x2029)
            {
                (blank, lines) = (false, lines + 1);
                continue;
            }

            if (rune.Value == '\r' || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control && rune.Value != '\t') || rune.Value is 0xFEFF or 0x200B or 0x2060 or 0xAD) continue;
            if (Rune.IsWhiteSpace(rune))
            {
                blank = true;
                continue;
            }

            if (tidy.Length > 0 && lines > 0) tidy.Append('\n', Math.Min(2, lines));
            else if (tidy.Length > 0 && blank) tidy.Append(' ');
            (blank, lines) = (false, 0);
            tidy.Append(rune.ToString());
        }

        return tidy.ToString();
    }

    private static string WithoutBoilerplate(string text)
    {
        if (!Boilerplate().IsMatch(text)) return text;
        var kept = text.Split('\n').Where(line => line.Length > BoilerplateLine || !Boilerplate().IsMatch(line));
        return ManyLineEnds().Replace(string.Join('\n', kept), "\n\n").Trim('\n');
    }

    private static double RepeatedLines(string text)
    {
        var (seen, repeated, all) = (new HashSet<string>(StringComparer.Ordinal), 0, 0);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            all += line.Length;
            if (!seen.Add(line)) repeated += line.Length;
        }

        return all == 0 ? 0 : repeated / (double)all;
    }

    private static double RepeatedRuns(string text)
    {
        var words = new List<ulong>();
        TextTokens.Read(text, words);
        if (words.Count <= Run) return 0;
        var (seen, repeated, all) = (new HashSet<ulong>(), 0, 0);
        foreach (var run in TextTokens.Grams(words, Run))
        {
            all++;
            if (!seen.Add(run)) repeated++;
        }

        return repeated / (double)all;
    }

    [GeneratedRegex("""
        \ball\ rights\ reserved\b | \bcopyright\s+(\(c\)|©|\d{4}) | ©\s*\d{4} | \b(accept|use[s]?|about)\s+(\w+\s+)?cookies\b | \bcookie\s+(policy|settings|preferences)\b
        | \bprivacy\s+policy\b | \bterms\s+(of|and)\s+(use|service|conditions)\b | \b(subscribe|sign\s+up)\s+(to|for)\s+(our|the)\b | \bjavascript\s+(is|must\s+be)\b | \benable\s+javascript\b
        | \bclick\s+here\b | ^\s*(share|follow\s+us)\s+on\b | ^\s*(skip\s+to\s+(main\s+)?content|back\s+to\s+top|read\s+more|table\s+of\s+contents|advertisement|log\s+in|sign\s+in)\W*$
        | 版权所有 | 未经(授权|许可).{0,12}转载 | 点击(这里|此处|查看) | 隐私(政策|声明)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.Multiline, 2000)]
    private static partial Regex Boilerplate();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex ManyLineEnds();
}
