using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>One token a word, words being what stands between whitespace: Hugging Face's WordLevel model behind WhitespaceSplit.</summary>
/// <remarks>Microsoft.ML.Tokenizers has no word-level model; this one fits its <see cref="Tokenizer"/>, so its counting and trimming work too.</remarks>
public sealed class WordModel : Tokenizer
{
    private readonly Dictionary<string, int> _idOf;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<int, string> _wordOf;
    private readonly int _unknownId;

    public WordModel(IEnumerable<KeyValuePair<string, int>> vocabulary, int unknownId)
    {
        _idOf = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        _lookup = _idOf.GetAlternateLookup<ReadOnlySpan<char>>();
        _wordOf = _idOf.ToDictionary(p => p.Value, p => p.Key);
        _unknownId = unknownId;
    }

    /// <summary>Adds the ids of a text's words to a list.</summary>
    public void Append(ReadOnlySpan<char> text, List<int> ids)
    {
        for (var at = 0; NextWord(text, at, out var start, out var end); at = end) ids.Add(IdOf(text[start..end]));
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => string.Join(' ', ids.Select(id => _wordOf.GetValueOrDefault(id)).OfType<string>());

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        (idsConsumed, charsWritten) = (0, 0);
        foreach (var id in ids)
        {
            if (!_wordOf.TryGetValue(id, out var word))
            {
                idsConsumed++;
                continue;
            }

            var gap = charsWritten > 0 ? 1 : 0;
            if (word.Length + gap > destination.Length - charsWritten) return OperationStatus.DestinationTooSmall;
            if (gap == 1) destination[charsWritten++] = ' ';
            word.CopyTo(destination[charsWritten..]);
            charsWritten += word.Length;
            idsConsumed++;
        }

        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var span = text is null ? textSpan : text.AsSpan();
        var tokens = new List<EncodedToken>();
        var at = 0;
        while (tokens.Count < settings.MaxTokenCount && NextWord(span, at, out var start, out var end))
        {
            tokens.Add(new EncodedToken(IdOf(span[start..end]), span[start..end].ToString(), start..end));
            at = end;
        }

        return new EncodeResults<EncodedToken> { Tokens = tokens, CharsConsumed = tokens.Count < settings.MaxTokenCount ? span.Length : at };
    }

    internal static bool NextWord(ReadOnlySpan<char> text, int at, out int start, out int end)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
        end = at;
        return end > start;
    }

    internal int IdOf(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out var id) ? id : _unknownId;
}
