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
}
