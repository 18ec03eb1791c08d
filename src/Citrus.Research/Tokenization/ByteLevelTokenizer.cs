using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>Byte-level BPE (GPT-2, Qwen, Llama 3, and our own for prose): any text has tokens, and decoding gives it back.</summary>
public sealed class ByteLevelTokenizer : StudentTokenizer
{
    private readonly ByteLevelModel _model;
    private readonly byte[]?[] _bytesOf;

    internal ByteLevelTokenizer(ByteLevelModel model, IReadOnlyList<AddedToken> added, TokenRoles roles)
        : base(model.Vocabulary, added, roles)
    {
        _model = model;
        Inner = model.CreateInner(added);
        _bytesOf = [.. TokensById.Select((t, id) => t is null ? null : TryAdded(id, out _) ? Encoding.UTF8.GetBytes(t) : ByteAlphabet.BytesOf(t))];
    }

    /// <inheritdoc/>
    public override Tokenizer Inner { get; }

    /// <inheritdoc/>
    public override string Kind => "byte-level BPE, split as " + _model.Pattern switch
    {
        CodePointScanner.Qwen => "Qwen",
        CodePointScanner.Llama3 => "Llama 3",
        ByteLevelModel.Gpt2Pattern => "GPT-2",
        _ => "its own pattern says",
    } + (_model.Nfc ? ", NFC" : "") + (_model.IgnoreMerges ? ", whole pieces first" : "");

    /// <inheritdoc/>
    public override IReadOnlyList<int> Prefix => [.. _model.Prefix.Select(t => t.Id)];

    /// <inheritdoc/>
    public override IReadOnlyList<int> Suffix => [.. _model.Suffix.Select(t => t.Id)];

    /// <summary>The merges in the order in which they are tried; a merge is two tokens as the vocabulary spells them.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _model.Merges;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Encode(string text) => Encode(text, null);

    private List<int> Encode(string text, Func<int, int, bool>? isData)
    {
        var ids = new List<int>((text.Length / 3) + 8);
        for (var start = 0; start < text.Length;)
        {
            int gapEnd;
            var token = isData is null ? Cutter.Next(text, start, out gapEnd) : Cutter.Next(text, start, isData, out gapEnd);
            if (gapEnd > start)
                ids.AddRange(Inner.EncodeToIds(Normalise(start == 0 && gapEnd == text.Length ? text : text[start..gapEnd]), considerNormalization: false));
            if (token is not null) ids.Add(token.Id);
            start = gapEnd + (token?.Content.Length ?? 0);
        }

        return ids;
    }

    /// <inheritdoc/>
    public override WeightedIds EncodeWeighted(IReadOnlyList<Stretch> stretches)
    {
        var ids = Encode(string.Concat(stretches.Select(s => s.Text)), DataIn(stretches));
        var ends = new long[stretches.Count];
        var total = 0L;
        for (var i = 0; i < ends.Length; i++) ends[i] = total += Encoding.UTF8.GetByteCount(Normalise(stretches[i].Text));
        var weights = new double[ids.Count];
        var (stretch, read) = (0, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            read += _bytesOf[ids[i]]!.Length;
            while (stretch < ends.Length - 1 && ends[stretch] < read) stretch++;
            weights[i] = stretches[stretch].Weight;
        }

        return new WeightedIds(ids, weights);
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids, bool skipSpecial)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
        {
            if ((uint)id >= (uint)_bytesOf.Length || _bytesOf[id] is not { } token) continue;
            if (!(skipSpecial && TryAdded(id, out var added) && added.Special)) bytes.Write(token);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Vocabulary, merges and pattern, for formats other than tokenizer.json.</summary>
    internal ByteLevelModel Model => _model;

    internal override void WriteModel(Utf8JsonWriter json) => _model.Write(json);

    internal override string Normalise(string text) => _model.Nfc ? Unicode.Nfc(text) : Unicode.WellFormed(text);
}
