using System.Globalization;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>The cl100k family's split (Qwen, Llama 3), written out by hand because .NET's regex sees UTF-16 units and so misses astral letters and digits.</summary>
/// <remarks>
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// with k digits to a token: 1 in Qwen, 3 in Llama 3.
/// </remarks>
internal sealed class CodePointScanner : PreTokenizer
{
    private const string Head = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}";
    private const string Tail = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private readonly int _maximumDigits;

    private CodePointScanner(int maximumDigits) => _maximumDigits = maximumDigits;

    /// <summary>The pattern of Qwen 2 to 3, which our own byte-level tokenizers use too.</summary>
    public const string Qwen = Head + Tail;

    /// <summary>The pattern of Llama 3.</summary>
    public const string Llama3 = Head + "{1,3}" + Tail;

    /// <summary>The scanner of a pattern of the family; null for any other pattern.</summary>
    public static CodePointScanner? TryFor(string pattern) => pattern switch
    {
        Qwen => new CodePointScanner(1),
        Llama3 => new CodePointScanner(3),
        _ => null,
    };

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var end = Next(text, at);
            yield return (at, end - at);
            at = end;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>The end of the piece that begins at <paramref name="at"/>.</summary>
    public int Next(ReadOnlySpan<char> text, int at)
    {
        var first = text[at];
        if (first == '\'' && Contraction(text, at) is var length && length > 0) return at + length;

        // [^\r\n\p{L}\p{N}]?\p{L}+
        var kind = CharacterClass.At(text, at, out var width);
        var end = at;
        if (kind == CharacterClass.Letter) end = at + width;
        else if (kind is CharacterClass.Space or CharacterClass.Other && at + width < text.Length
            && CharacterClass.At(text, at + width, out var second) == CharacterClass.Letter) end = at + width + second;
        if (end > at) return Run(text, end, CharacterClass.Letter);

        // \p{N}{1,k}
        if (kind == CharacterClass.Number)
        {
            end = at + width;
            for (var digits = 1; digits < _maximumDigits && end < text.Length && CharacterClass.At(text, end, out var more) == CharacterClass.Number; digits++) end += more;
            return end;
        }

        // ' '?[^\s\p{L}\p{N}]+[\r\n]*
        end = first == ' ' && at + 1 < text.Length && CharacterClass.At(text, at + 1, out _) == CharacterClass.Other ? at + 1 : at;
        if (end > at || kind == CharacterClass.Other) return Run(text, Run(text, end, CharacterClass.Other), CharacterClass.NewLine);

        // \s*[\r\n]+|\s+(?!\S)|\s+
        var lastNewLine = -1;
        for (end = at; end < text.Length && CharacterClass.At(text, end, out _) is var space && space is CharacterClass.Space or CharacterClass.NewLine; end++)
            if (space == CharacterClass.NewLine) lastNewLine = end;
        if (lastNewLine >= 0) return lastNewLine + 1;
        return end == text.Length || end - at == 1 ? end : end - 1;
    }

    private static int Run(ReadOnlySpan<char> text, int at, byte kind)
    {
        while (at < text.Length && CharacterClass.At(text, at, out var width) == kind) at += width;
        return at;
    }

    private static int Contraction(ReadOnlySpan<char> text, int at)
    {
        if (at + 1 >= text.Length) return 0;
        // LATIN SMALL LETTER LONG S folds to s in Oniguruma's case-insensitive match
        if (text[at + 1] == '\u017F') return 2;
        if (text[at + 1] >= 128) return 0;
        var a = (char)(text[at + 1] | 0x20);
        if (a is 's' or 't' or 'm' or 'd') return 2;
        if (at + 2 >= text.Length || text[at + 2] >= 128) return 0;
        var b = (char)(text[at + 2] | 0x20);
        return (a, b) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static class CharacterClass
    {
        public const byte Letter = 1, Number = 2, Space = 3, NewLine = 4, Other = 5;
        private static readonly byte[] Bmp = [.. Enumerable.Range(0, 0x10000).Select(c => Of(CharUnicodeInfo.GetUnicodeCategory((char)c), c))];

        public static byte At(ReadOnlySpan<char> text, int at, out int width)
        {
            var c = text[at];
            if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                width = 2;
                var codePoint = char.ConvertToUtf32(c, text[at + 1]);
                return Of(CharUnicodeInfo.GetUnicodeCategory(codePoint), codePoint);
            }

            width = 1;
            return Bmp[c];
        }

        private static byte Of(UnicodeCategory category, int codePoint) => codePoint is '\r' or '\n' ? NewLine : codePoint is (>= 9 and <= 13) or 0x85 ? Space : category switch
        {
            <= UnicodeCategory.OtherLetter => Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
            _ => Other,
        };
    }
}
