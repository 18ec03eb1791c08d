using System.Buffers.Text;
using System.Globalization;

namespace Citrus.Research.Tokenization;

/// <summary>A tiktoken file: a token's bytes in base64 and its rank, line by line. It says neither pattern nor special tokens, so the known ones are told by their size.</summary>
internal static class TiktokenVocabulary
{
    private const string Known = "known are Llama 3's tokenizer.model (128,000 tokens), qwen.tiktoken (151,643) and gpt2.tiktoken (50,256)";

    public static ByteLevelTokenizer Read(TokenizerFiles files, string name, TokenizerConfig config)
    {
        var path = files.PathOf(name);
        var tokens = Tokens(path, files.Bytes(name).Span);
        var (pattern, nfc, special) = tokens.Count switch
        {
            128_000 => (CodePointScanner.Llama3, false, Llama3Special()),
            151_643 => (CodePointScanner.Qwen, true, [(151_643, "<|endoftext|>"), (151_644, "<|im_start|>"), (151_645, "<|im_end|>"), .. Enumerable.Range(0, 205).Select(i => (151_646 + i, $"<|extra_{i}|>"))]),
            50_256 => (ByteLevelModel.Gpt2Pattern, false, (List<(int, string)>)[(50_256, "<|endoftext|>")]),
            var other => throw new TokenizerFormatException($"{path}: a tiktoken file of {other:N0} tokens is of no known model; {Known}. Use the checkpoint's {TokenizerFiles.Json}."),
        };
        var llama3 = tokens.Count == 128_000;
        var vocabulary = tokens.ConvertAll(t => KeyValuePair.Create(t.Spelt, t.Rank));
        // a configuration beside the file knows better which special tokens its version has
        var added = config.Added(new Dictionary<string, int>()) is { Count: > 0 } told ? told : special.ConvertAll(s => new AddedToken(s.Item1, s.Item2, true));
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        TokenizerJson.CheckBytes(path, ids);
        var model = new ByteLevelModel
        {
            Vocabulary = vocabulary,
            Merges = ByteLevelModel.AllMerges(ids),
            Pattern = pattern,
            Nfc = nfc,
            IgnoreMerges = true,
            Prefix = llama3 ? [.. added.Where(t => t.Content == "<|begin_of_text|>")] : [],
        };
        var roles = config.Roles(added.Select(t => t.Content));
        string? Named(string token) => added.Exists(t => t.Content == token) ? token : null;
        return new ByteLevelTokenizer(model, added, roles with
        {
            End = roles.End ?? Named("<|end_of_text|>") ?? Named("<|endoftext|>"),
            Pad = roles.Pad ?? Named("<|finetune_right_pad_id|>"),
        });
    }

    /// <summary>The special tokens of Llama 3.1 to 3.3; Llama 3.0 has reserved ones in place of its padding, end of message and python tag.</summary>
    private static List<(int, string)> Llama3Special()
    {
        var names = new Dictionary<int, string>
        {
            [0] = "<|begin_of_text|>",
            [1] = "<|end_of_text|>",
            [4] = "<|finetune_right_pad_id|>",
            [6] = "<|start_header_id|>",
            [7] = "<|end_header_id|>",
            [8] = "<|eom_id|>",
            [9] = "<|eot_id|>",
            [10] = "<|python_tag|>",
        };
        var reserved = 0;
        return [.. Enumerable.Range(0, 256).Select(i => (128_000 + i, names.TryGetValue(i, out var name) ? name : $"<|reserved_special_token_{reserved++}|>"))];
    }

    private static List<(string Spelt, int Rank)> Tokens(string path, ReadOnlySpan<byte> file)
    {
        var tokens = new List<(string, int)>(160_000);
        var (number, at) = (0, 0);
        var bytes = new byte[4096];
        while (at < file.Length)
        {
            number++;
            var end = file[at..].IndexOf((byte)'\n') is var found && found < 0 ? file.Length : at + found;
            var line = file[at..end].TrimEnd((byte)'\r');
            at = end + 1;
            if (line.IsEmpty) continue;
            var space = line.IndexOf((byte)' ');
            if (space <= 0 || space > bytes.Length || Base64.DecodeFromUtf8(line[..space], bytes, out _, out var length) != System.Buffers.OperationStatus.Done || length == 0
                || !int.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var rank))
            {
                throw new TokenizerFormatException(tokens.Count == 0
                    ? $"{path}: this is no tiktoken file (a SentencePiece model, as Llama 2 and Mistral's first ones have?). Supported are byte-level vocabularies: a byte-level {TokenizerFiles.Json} (Qwen2 to 3, Llama 3, GPT-2, Mistral Nemo), {TokenizerFiles.Vocabulary} with {TokenizerFiles.Merges}, and tiktoken files. Choose such a checkpoint."
                    : $"{path}, line {number}: a token's bytes in base64, a space and its rank are expected.");
            }

            if (rank != tokens.Count) throw new TokenizerFormatException($"{path}, line {number}: rank {rank} follows {tokens.Count - 1}; ranks count up from 0.");
            tokens.Add((ByteAlphabet.Spell(bytes.AsSpan(0, length)), rank));
        }

        if (tokens.DistinctBy(t => t.Item1).Count() != tokens.Count) throw new TokenizerFormatException($"{path}: a token is there twice.");
        return tokens;
    }
}
