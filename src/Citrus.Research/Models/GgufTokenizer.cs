using Citrus.Research.Tokenization;

namespace Citrus.Research.Models;

/// <summary>A byte-level tokenizer as llama.cpp knows it.</summary>
/// <remarks>llama.cpp does no Unicode normalisation: text that is not NFC already gets other tokens there than from a tokenizer that normalises (Qwen's).</remarks>
internal static class GgufTokenizer
{
    /// <summary>Mistral Nemo's pattern, which llama.cpp calls tekken.</summary>
    private const string Tekken =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>llama.cpp's names of the splits that it knows, and whether a piece that is a token stays whole there.</summary>
    private static readonly Dictionary<string, (string Name, bool IgnoresMerges)> Splits = new(StringComparer.Ordinal)
    {
        [CodePointScanner.Qwen] = ("qwen2", false),
        [Llama3] = ("llama-bpe", true),
        [ByteLevelModel.Gpt2Pattern] = ("gpt-2", false),
        [Tekken] = ("tekken", true),
    };

    private enum TokenType
    {
        Normal = 1,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
    }

    /// <summary>Adds the tokenizer's keys.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="vocabularySize">Ids of the model; those that the tokenizer lacks are named unused.</param>
    /// <param name="beginId">Id that begins a text; null where there is none.</param>
    /// <exception cref="InvalidDataException">It cannot be expressed; the message says what to do.</exception>
    public static void Add(GgufWriter file, StudentTokenizer tokenizer, int vocabularySize, int? beginId)
    {
        if (tokenizer is not ByteLevelTokenizer bytes)
            throw new InvalidDataException("This student has a word tokenizer (one token a word), for which GGUF and llama.cpp have no counterpart. Train with `citrus train --tokenizer bpe`, or export with --to hf.");
        if (tokenizer.VocabularySize > vocabularySize)
            throw new InvalidDataException($"The tokenizer has {tokenizer.VocabularySize} tokens, the model knows {vocabularySize}. They are not of one checkpoint.");
        if (!Splits.TryGetValue(bytes.Model.Pattern, out var split))
            throw new InvalidDataException($"llama.cpp has no split by the tokenizer's pattern {bytes.Model.Pattern}; known are those of {string.Join(", ", Splits.Values.Select(s => s.Name))}. Export with --to hf and use llama.cpp's own converter.");
        if (bytes.Model.IgnoreMerges != split.IgnoresMerges)
            throw new InvalidDataException($"The tokenizer says ignore_merges: {(bytes.Model.IgnoreMerges ? "true" : "false")} with a pattern for which llama.cpp ({split.Name}) always does otherwise, so that text would be cut differently there. Export with --to hf.");

        var added = tokenizer.Added.ToDictionary(t => t.Id);
        var (tokens, types) = (new string[vocabularySize], new int[vocabularySize]);
        for (var id = 0; id < vocabularySize; id++)
        {
            var spelt = tokenizer.TokenOf(id);
            tokens[id] = spelt ?? FormattableString.Invariant($"[PAD{id}]");
            types[id] = (int)(spelt is null ? TokenType.Unused : !added.TryGetValue(id, out var token) ? TokenType.Normal : token.Special ? TokenType.Control : TokenType.UserDefined);
        }

        file.Add("tokenizer.ggml.model", "gpt2");
        file.Add("tokenizer.ggml.pre", split.Name);
        file.Add("tokenizer.ggml.tokens", tokens);
        file.Add("tokenizer.ggml.token_type", types);
        file.Add("tokenizer.ggml.merges", [.. bytes.Merges.Select(m => $"{m.Left} {m.Right}")]);
        if (Id(tokenizer, tokenizer.Roles.End) is { } end) file.Add("tokenizer.ggml.eos_token_id", (uint)end);
        if (Id(tokenizer, tokenizer.Roles.Pad) is { } pad) file.Add("tokenizer.ggml.padding_token_id", (uint)pad);
        var first = tokenizer.Prefix.Count > 0 ? tokenizer.Prefix[0] : beginId;
        if (first is { } begin && begin >= 0 && begin < vocabularySize) file.Add("tokenizer.ggml.bos_token_id", (uint)begin);
        file.Add("tokenizer.ggml.add_bos_token", tokenizer.Prefix.Count > 0);
        file.Add("tokenizer.ggml.add_eos_token", tokenizer.Suffix.Count > 0);
        if ((tokenizer.ChatSource is { } source ? source.Template : tokenizer.Roles.User is null ? null : ChatTemplate.Jinja) is { } template) file.Add("tokenizer.chat_template", template);
    }

    private static int? Id(StudentTokenizer tokenizer, string? token) => token is null ? null : tokenizer.IdOf(token);
}
