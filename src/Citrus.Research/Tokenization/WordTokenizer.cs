using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>One token for each whitespace-separated word: the tokenizer of the chart register.</summary>
public sealed class WordTokenizer : StudentTokenizer
{
    private readonly WordModel _model;

    internal WordTokenizer(IReadOnlyList<KeyValuePair<string, int>> vocabulary, IReadOnlyList<AddedToken> added, TokenRoles roles)
        : base(vocabulary, added, roles) => _model = new WordModel(vocabulary, UnknownId);

    /// <summary>A tokenizer of the nine special tokens followed by these words, in this order.</summary>
    /// <exception cref="ArgumentException">A word is empty, holds whitespace, or is there twice.</exception>
    public static WordTokenizer Of(IEnumerable<string> words)
    {
        var tokens = SpecialTokens.All.Concat(words).ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (token.Length == 0 || token.Any(char.IsWhiteSpace)) throw new ArgumentException($"'{token}' is not one word.", nameof(words));
            if (!seen.Add(token)) throw new ArgumentException($"'{token}' is there twice (special tokens are added by themselves).", nameof(words));
        }

        return new WordTokenizer([.. tokens.Select((t, i) => KeyValuePair.Create(t, i))], OurTokens(), new TokenRoles());
    }

    /// <summary>Learns the vocabulary of a corpus: its words by falling frequency, equals in ordinal order.</summary>
    /// <param name="maximumSize">Ids in all, special tokens included; rarer words become <c>&lt;unk&gt;</c>.</param>
    /// <param name="minimumFrequency">A word seen less often becomes <c>&lt;unk&gt;</c>.</param>
    public static WordTokenizer Train(IEnumerable<string> texts, int maximumSize = 65_536, int minimumFrequency = 1)
    {
        if (maximumSize < SpecialTokens.All.Count)
            throw new ArgumentOutOfRangeException(nameof(maximumSize), maximumSize, $"A vocabulary needs at least the {SpecialTokens.All.Count} special tokens.");
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var cutter = new AddedTokenCutter(OurTokens());
        foreach (var text in texts)
        {
            for (var start = 0; start < text.Length;)
            {
                var token = cutter.Next(text, start, out var gapEnd);
                var gap = text.AsSpan(start, gapEnd - start);
                for (var at = 0; WordModel.NextWord(gap, at, out var from, out var to); at = to)
                {
                    var word = gap[from..to];
                    lookup[word] = lookup.TryGetValue(word, out var n) ? n + 1 : 1;
                }

                start = gapEnd + (token?.Content.Length ?? 0);
            }
        }

        return Of(counts.Where(c => c.Value >= minimumFrequency)
            .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(maximumSize - SpecialTokens.All.Count)
            .Select(c => c.Key));
    }

    /// <inheritdoc/>
    public override Tokenizer Inner => _model;

    /// <inheritdoc/>
    public override string Kind => "one token a word";

    internal override string Normalise(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <inheritdoc/>
    public override IReadOnlyList<int> Encode(string text)
    {
        var ids = new List<int>((text.Length / 6) + 4);
        for (var start = 0; start < text.Length;)
        {
            var token = Cutter.Next(text, start, out var gapEnd);
            _model.Append(text.AsSpan(start, gapEnd - start), ids);
            if (token is not null) ids.Add(token.Id);
            start = gapEnd + (token?.Content.Length ?? 0);
        }

        return ids;
    }

    /// <inheritdoc/>
    public override WeightedIds EncodeWeighted(IReadOnlyList<Stretch> stretches)
    {
        var text = string.Concat(stretches.Select(s => s.Text));
        var ids = new List<int>();
        var weights = new List<double>();
        var (stretch, stretchEnd) = (0, stretches.Count > 0 ? stretches[0].Text.Length : 0);
        void Add(int id, int last)
        {
            while (last >= stretchEnd) stretchEnd += stretches[++stretch].Text.Length;
            ids.Add(id);
            weights.Add(stretches[stretch].Weight);
        }

        var isData = DataIn(stretches);
        for (var start = 0; start < text.Length;)
        {
            int gapEnd;
            var token = isData is null ? Cutter.Next(text, start, out gapEnd) : Cutter.Next(text, start, isData, out gapEnd);
            var gap = text.AsSpan(start, gapEnd - start);
            for (var at = 0; WordModel.NextWord(gap, at, out var from, out var to); at = to)
            {
                var id = _model.IdOf(gap[from..to]);
                // the vocabulary lists special tokens among the words
                Add(isData is not null && TryAdded(id, out var added) && added.Special ? UnknownId : id, start + to - 1);
            }

            start = gapEnd + (token?.Content.Length ?? 0);
            if (token is not null) Add(token.Id, start - 1);
        }

        return new WeightedIds(ids, weights);
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids, bool skipSpecial)
    {
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            if (TokenOf(id) is not { } token || (skipSpecial && TryAdded(id, out var added) && added.Special)) continue;
            if (text.Length > 0) text.Append(' ');
            text.Append(token);
        }

        return text.ToString();
    }

    internal static List<AddedToken> OurTokens() => [.. SpecialTokens.All.Select((t, i) => new AddedToken(i, t, SpecialTokens.IsHidden(t)))];

    internal override void WriteModel(Utf8JsonWriter json)
    {
        json.WriteNull("normalizer");
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "WhitespaceSplit");
        json.WriteEndObject();
        json.WriteNull("post_processor");
        json.WriteNull("decoder");
        json.WriteStartObject("model");
        json.WriteString("type", "WordLevel");
        json.WriteStartObject("vocab");
        for (var id = 0; id < VocabularySize; id++) if (TokenOf(id) is { } token) json.WriteNumber(token, id);
        json.WriteEndObject();
        json.WriteString("unk_token", Roles.Unknown);
        json.WriteEndObject();
    }
}
