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

    /// <summary>How a pattern splits.</summary>
    public static PreTokenizer Splitter(string pattern) => new CappedSplitter(CodePointScanner.TryFor(pattern) is { } scanner ? scanner : new RegexSplitter(pattern));

    public Tokenizer CreateInner(IReadOnlyList<AddedToken> added)
    {
        if (Nfc && !Unicode.CanNormalise)
            throw new InvalidOperationException("This tokenizer needs Unicode normalisation (NFC), which InvariantGlobalization switches off: set it to false, and install ICU (Debian: libicu) where it is missing.");
        var cut = added.Select(t => t.Content).ToHashSet(StringComparer.Ordinal);
        var ordinary = Vocabulary.Where(v => !cut.Contains(v.Key)).ToList();
        var splitter = Splitter(Pattern);
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
        json.WriteString("behavior", "Isolated");
        json.WriteBoolean("invert", false);
        json.WriteEndObject();
        WriteByteLevel(json, null);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("post_processor");
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
