using System.Runtime.InteropServices;
using System.Text;

namespace Citrus.Research.Examples;

/// <summary>A text as symbols to compare: letters and digits in lower case, one space for whatever stands between them, and where its lines are. Used again for the next text.</summary>
internal sealed class FuzzyText
{
    private readonly List<ushort> _symbols = [];
    private readonly List<Line> _lines = [];

    /// <summary>The text in which <see cref="Line.From"/> counts: the given one, compatibility forms resolved.</summary>
    public string Text { get; private set; } = "";

    public ReadOnlySpan<ushort> Symbols => CollectionsMarshal.AsSpan(_symbols);

    /// <summary>The lines that hold a letter or digit.</summary>
    public ReadOnlySpan<Line> Lines => CollectionsMarshal.AsSpan(_lines);

    /// <summary>Reads a text.</summary>
    /// <param name="alphabet">Which symbol a character is.</param>
    /// <param name="learn">Whether new characters are added to the alphabet; else they are all the symbol that equals no other.</param>
    public void Read(string text, FuzzyAlphabet alphabet, bool learn)
    {
        _symbols.Clear();
        _lines.Clear();
        Text = TextTokens.Compatible(text);
        var (start, from, to, gap) = (-1, 0, 0, false);
        for (var i = 0; i < Text.Length; i++)
        {
            var c = Text[i];
            if (c is '\n' or '\r')
            {
                Close();
                continue;
            }

            var width = 1;
            bool said;
            ushort symbol = 0;
            if (c < 128)
            {
                said = char.IsAsciiLetterOrDigit(c);
                if (said) symbol = alphabet.Of(char.IsAsciiLetterUpper(c) ? c | 0x20 : c, learn);
            }
            else
            {
                Rune.DecodeFromUtf16(Text.AsSpan(i), out var rune, out width);
                said = Rune.IsLetterOrDigit(rune);
                if (said) symbol = alphabet.Of(Rune.ToLowerInvariant(rune).Value, learn);
            }

            if (!said)
            {
                gap = true;
            }
            else
            {
                if (start < 0)
                {
                    if (_symbols.Count > 0) _symbols.Add(FuzzyAlphabet.Space);
                    (start, from) = (_symbols.Count, i);
                }
                else if (gap)
                {
                    _symbols.Add(FuzzyAlphabet.Space);
                }

                _symbols.Add(symbol);
                (gap, to) = (false, i + width);
            }

            i += width - 1;
        }

        Close();

        void Close()
        {
            if (start >= 0) _lines.Add(new Line(start, _symbols.Count, from, to));
            (start, gap) = (-1, false);
        }
    }

    /// <summary>A line: its symbols, and its characters in <see cref="Text"/>.</summary>
    public readonly record struct Line(int Start, int End, int From, int To);
}
