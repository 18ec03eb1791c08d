using System.Text;
using Citrus.Research.Questions;

namespace Citrus.Research.Examples;

/// <summary>A text as a row of word hashes: lower case, punctuation dropped, every Han character a word of its own, for they are written without spaces.</summary>
internal static class TextTokens
{
    /// <summary>Base of the rolling hash: odd, so that it has an inverse modulo 2^64.</summary>
    private const ulong Base = 0x9E3779B97F4A7C15;

    /// <summary>Reads a text.</summary>
    /// <param name="hashes">Cleared, then one hash a word.</param>
    /// <param name="ends">Cleared where given, then start and end of each word in the text that was read (which is returned).</param>
    /// <returns>The text in which the places count: the given one, compatibility forms resolved.</returns>
    public static string Read(string text, List<ulong> hashes, List<(int Start, int End)>? ends = null)
    {
        hashes.Clear();
        ends?.Clear();
        text = Compatible(text);
        var (hash, start) = (0UL, -1);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var width = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            var han = c >= 0x3400 && QuestionLanguage.IsHan(width == 2 ? char.ConvertToUtf32(c, text[i + 1]) : c);
            var word = !han && (char.IsAsciiLetterOrDigit(c) || (c > 127 && char.IsLetterOrDigit(c)));
            if (!word && start >= 0) Close(i);
            if (han)
            {
                start = i;
                hash = width == 2 ? ((ulong)c << 16) | text[i + 1] : c;
                Close(i + width);
            }
            else if (word)
            {
                if (start < 0) start = i;
                hash = (hash ^ (c < 128 ? char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c : char.ToLowerInvariant(c))) * 0x100000001B3;
            }

            i += width - 1;
        }

        if (start >= 0) Close(text.Length);
        return text;

        void Close(int end)
        {
            hashes.Add(Mixed(hash + 1));
            ends?.Add((start, end));
            (hash, start) = (0UL, -1);
        }
    }

    /// <summary>The hashes of all runs of <paramref name="n"/> words, in order; none where there are fewer words.</summary>
    public static IEnumerable<ulong> Grams(List<ulong> hashes, int n)
    {
        if (hashes.Count < n) yield break;
        var roll = new RollingGram(n);
        for (var i = 0; i < hashes.Count; i++)
            if (roll.Push(hashes, i)) yield return roll.Value;
    }

    /// <summary>A text with its compatibility forms resolved (full-width letters, ligatures).</summary>
    public static string Compatible(string text)
    {
        if (Ascii.IsValid(text)) return text;
        try
        {
            return text.IsNormalized(NormalizationForm.FormKC) ? text : text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return text; // half a surrogate pair: no letter either way
        }
    }

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The hash of the last n words, kept up to date word by word.</summary>
    public struct RollingGram
    {
        private readonly int _n;
        private readonly ulong _top;

        public RollingGram(int n)
        {
            _n = n;
            _top = 1;
            for (var i = 0; i < n; i++) _top *= Base;
        }

        public ulong Value { get; private set; }

        /// <summary>Takes up word <paramref name="i"/>; whether n words are there.</summary>
        public bool Push(List<ulong> hashes, int i)
        {
            Value = (Value * Base) + hashes[i] - (i >= _n ? hashes[i - _n] * _top : 0);
            return i >= _n - 1;
        }
    }
}
