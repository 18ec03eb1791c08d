using System.Buffers;

namespace Citrus.Research.Tokenization;

/// <summary>Finds added tokens in raw text, the leftmost first and the longest of those that begin there, as Hugging Face does.</summary>
internal sealed class AddedTokenCutter
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string>? _search;

    public AddedTokenCutter(IReadOnlyList<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.OrderByDescending(t => t.Content.Length).ThenBy(t => t.Content, StringComparer.Ordinal)];
        _search = tokens.Count == 0 ? null : SearchValues.Create([.. tokens.Select(t => t.Content)], StringComparison.Ordinal);
    }

    /// <summary>The next added token at or after <paramref name="start"/>; null, at the text's end, where there is none.</summary>
    public AddedToken? Next(ReadOnlySpan<char> text, int start, out int at)
    {
        at = text.Length;
        if (_search is null) return null;
        var found = text[start..].IndexOfAny(_search);
        if (found < 0) return null;
        at = start + found;
        foreach (var token in _longestFirst)
            if (text[at..].StartsWith(token.Content, StringComparison.Ordinal)) return token;
        return null;
    }

    /// <summary>The next added token at or after <paramref name="start"/> that is no special token made from data.</summary>
    /// <param name="isData">Whether a stretch of the text (from, to) touches data.</param>
    public AddedToken? Next(ReadOnlySpan<char> text, int start, Func<int, int, bool> isData, out int at)
    {
        for (; Next(text, start, out at) is { } found; start = at + 1)
        {
            if (!found.Special || !isData(at, at + found.Content.Length)) return found;
            foreach (var token in _longestFirst)
                if (text[at..].StartsWith(token.Content, StringComparison.Ordinal) && (!token.Special || !isData(at, at + token.Content.Length))) return token;
        }

        return null;
    }
}
