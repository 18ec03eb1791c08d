using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>Splits by any pattern; what the pattern leaves between its matches is a piece too (behaviour Isolated), or dropped (Removed, inverted).</summary>
/// <remarks>
/// The pattern is matched against a shadow of the text in which every astral character is one BMP character of its category, so that \p{L} or \p{Lu} see
/// what Hugging Face's code-point regex sees.
/// </remarks>
internal sealed class RegexSplitter(string pattern, bool dropsGaps = false) : PreTokenizer
{
    private readonly Regex _regex = new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var (shadow, offsets) = Shadow(text);
        var at = 0;
        for (var match = _regex.Match(shadow); match.Success; match = match.NextMatch())
        {
            if (match.Length == 0) continue;
            if (match.Index > at && !dropsGaps) yield return Piece(at, match.Index);
            at = match.Index + match.Length;
            yield return Piece(match.Index, at);
        }

        if (at < shadow.Length && !dropsGaps) yield return Piece(at, shadow.Length);

        (int Offset, int Length) Piece(int from, int to) => offsets is null ? (from, to - from) : (offsets[from], offsets[to] - offsets[from]);
    }

    private static (string Shadow, int[]? Offsets) Shadow(string text)
    {
        if (!text.Any(char.IsSurrogate)) return (text, null);
        var shadow = new StringBuilder(text.Length);
        var offsets = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            offsets.Add(i);
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                shadow.Append(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[i], text[i + 1])) switch
                {
                    UnicodeCategory.UppercaseLetter => '\u0391',
                    UnicodeCategory.LowercaseLetter => '\u03B1',
                    UnicodeCategory.TitlecaseLetter => '\u01C5',
                    UnicodeCategory.ModifierLetter => '\u02B0',
                    UnicodeCategory.OtherLetter => '\u4E00',
                    UnicodeCategory.DecimalDigitNumber => '\u0660',
                    UnicodeCategory.LetterNumber => '\u2160',
                    UnicodeCategory.OtherNumber => '\u2070',
                    UnicodeCategory.NonSpacingMark => '\u0300',
                    UnicodeCategory.SpacingCombiningMark => '\u0903',
                    UnicodeCategory.EnclosingMark => '\u20DD',
                    UnicodeCategory.MathSymbol => '\u2200',
                    UnicodeCategory.CurrencySymbol => '\u20AC',
                    UnicodeCategory.ModifierSymbol => '\u02C2',
                    UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation => '\u2020',
                    UnicodeCategory.Format => '\u200B',
                    UnicodeCategory.PrivateUse => '\uE000',
                    UnicodeCategory.OtherNotAssigned => '\u0378',
                    _ => '\u2603',
                });
                i++;
            }
            else shadow.Append(text[i]);
        }

        offsets.Add(text.Length);
        return (shadow.ToString(), [.. offsets]);
    }
}
