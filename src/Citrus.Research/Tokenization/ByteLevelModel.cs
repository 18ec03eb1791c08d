using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Citrus.Research.Tokenization;

/// <summary>What a byte-level BPE tokenizer.json says apart from its added tokens.</summary>
internal sealed record ByteLevelModel
{
    /// <summary>GPT-2's pattern, which ByteLevel stands for where the file names no other.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public required IReadOnlyList<KeyValuePair<string, int>> Vocabulary { get; init; }

    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    public string Pattern { get; init; } = CodePointScanner.Qwen;

    public bool Nfc { get; init; }

    /// <summary>A piece that is in the vocabulary is one token, even where the merges do not lead there (Llama 3).</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>What the pattern leaves between its matches is dropped (Split with behaviour Removed, inverted), not kept as pieces.</summary>
    public bool DropsGaps { get; init; }

    /// <summary>Tokens that Hugging Face's post-processor sets before a text.</summary>
    public IReadOnlyList<AddedToken> Prefix { get; init; } = [];

    /// <summary>Tokens that it sets behind.</summary>
    public IReadOnlyList<AddedToken> Suffix { get; init; } = [];

    /// <summary>How a pattern splits.</summary>
    public static PreTokenizer Splitter(string pattern, bool dropsGaps = false) =>
        new CappedSplitter(CodePointScanner.TryFor(pattern) is { } scanner ? scanner : new RegexSplitter(pattern, dropsGaps));

    /// <summary>Every way to make a token of two others, by the token's rank, as Hugging Face derives merges from a tiktoken file.</summary>
    public static List<(string Left, string Right)> AllMerges(IReadOnlyDictionary<string, int> ids)
    {
        var lookup = ((Dictionary<string, int>)ids).GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(int Rank, int Left, int Right, string LeftToken, string RightToken)>(ids.Count * 2);
        foreach (var (token, rank) in ids)
            for (var i = 1; i < token.Length; i++)
                if (lookup.TryGetValue(token.AsSpan(0, i), out var left) && lookup.TryGetValue(token.AsSpan(i), out var right)) merges.Add((rank, left, right, token[..i], token[i..]));
        merges.Sort((a, b) => (a.Rank, a.Left, a.Right).CompareTo((b.Rank, b.Left, b.Right)));
        return merges.ConvertAll(m => (m.LeftToken, m.RightToken));
    }

    /// <summary>How many merges <see cref="AllMerges"/> has.</summary>
    public static int CountAllMerges(Dictionary<string, int> ids)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var count = 0;
        foreach (var token in ids.Keys)
            for (var i = 1; i < token.Length; i++)
                if (lookup.ContainsKey(token.AsSpan(0, i)) && lookup.ContainsKey(token.AsSpan(i))) count++;
        return count;
    }

    public Tokenizer CreateInner(IReadOnlyList<AddedToken> added)
    {
        if (Nfc && !Unicode.CanNormalise)
            throw new InvalidOperationException("This tokenizer needs Unicode normalisation (NFC), which InvariantGlobalization switches off: set it to false, and install ICU (Debian: libicu) where it is missing.");
        var cut = added.Select(t => t.Content).ToHashSet(StringComparer.Ordinal);
        var ordinary = Vocabulary.Where(v => !cut.Contains(v.Key)).ToList();
        var splitter = Splitter(Pattern, DropsGaps);
        // BpeTokenizer knows no ignore_merges. TiktokenTokenizer looks the whole piece up first, and ranks by id, so ids must follow the merges.
        return IgnoreMerges
            ? TiktokenTokenizer.Create(TiktokenFile(ordinary), splitter, null, null, 65536)
            : BpeTokenizer.Create(new BpeOptions(ordinary) { Merges = Merges.Select(m => m.Left + " " + m.Right), ByteLevel = true, PreTokenizer = splitter });
    }

    public void Write(Utf8JsonWriter json)
    {
        if (Nfc)
        {
            json.WriteStartObject("normalizer");
            json.WriteString("type", "NFC");
            json.WriteEndObject();
        }
        else json.WriteNull("normalizer");

        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "Sequence");
        json.WriteStartArray("pretokenizers");
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WriteStartObject("pattern");
        json.WriteString("Regex", Pattern);
        json.WriteEndObject();
        json.WriteString("behavior", DropsGaps ? "Removed" : "Isolated");
        json.WriteBoolean("invert", DropsGaps);
        json.WriteEndObject();
        WriteByteLevel(json, null);
        json.WriteEndArray();
        json.WriteEndObject();
        WritePostProcessor(json);
        WriteByteLevel(json, "decoder");
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (var absent in new[] { "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix" }) json.WriteNull(absent);
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", IgnoreMerges);
        json.WriteStartObject("vocab");
        foreach (var (token, id) in Vocabulary.OrderBy(v => v.Value)) json.WriteNumber(token, id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var (left, right) in Merges) json.WriteStringValue(left + " " + right);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePostProcessor(Utf8JsonWriter json)
    {
        if (Prefix.Count + Suffix.Count == 0)
        {
            json.WriteNull("post_processor");
            return;
        }

        json.WriteStartObject("post_processor");
        json.WriteString("type", "TemplateProcessing");
        foreach (var (field, texts) in new[] { ("single", "A"), ("pair", "AB") })
        {
            json.WriteStartArray(field);
            for (var i = 0; i < texts.Length; i++)
            {
                foreach (var token in Prefix) WritePiece("SpecialToken", token.Content, i);
                WritePiece("Sequence", texts[i].ToString(), i);
                foreach (var token in Suffix) WritePiece("SpecialToken", token.Content, i);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("special_tokens");
        foreach (var token in Prefix.Concat(Suffix).DistinctBy(t => t.Id))
        {
            json.WriteStartObject(token.Content);
            json.WriteString("id", token.Content);
            json.WriteStartArray("ids");
            json.WriteNumberValue(token.Id);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            json.WriteStringValue(token.Content);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();

        void WritePiece(string kind, string id, int type)
        {
            json.WriteStartObject();
            json.WriteStartObject(kind);
            json.WriteString("id", id);
            json.WriteNumber("type_id", type);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string? name)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", false);
        json.WriteEndObject();
    }

    private static MemoryStream TiktokenFile(List<KeyValuePair<string, int>> vocabulary)
    {
        var file = new StringBuilder();
        foreach (var (token, id) in vocabulary.OrderBy(v => v.Value))
            file.Append(Convert.ToBase64String(ByteAlphabet.BytesOf(token))).Append(' ').Append(id.ToString(System.Globalization.CultureInfo.InvariantCulture)).Append('\n');
        return new MemoryStream(Encoding.UTF8.GetBytes(file.ToString()));
    }
}
