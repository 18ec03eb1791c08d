using System.Text;

namespace Citrus.Research.Tokenization;

/// <summary>A vocab.json and a merges.txt, as the first GPT-2 and Qwen2 folders have them; the split is known by the class that tokenizer_config.json names.</summary>
internal static class VocabularyAndMerges
{
    public static ByteLevelTokenizer Read(TokenizerFiles files, TokenizerConfig config)
    {
        if (!files.Has(TokenizerFiles.Merges)) throw new TokenizerFormatException($"{files.PathOf(TokenizerFiles.Merges)}: no such file; {TokenizerFiles.Vocabulary} needs it beside it.");
        var (pattern, nfc) = config.Class switch
        {
            "Qwen2Tokenizer" or "Qwen2TokenizerFast" => (CodePointScanner.Qwen, true),
            "GPT2Tokenizer" or "GPT2TokenizerFast" => (ByteLevelModel.Gpt2Pattern, false),
            var other => throw new TokenizerFormatException($"{config.Path}: tokenizer_class is {other ?? "not named"}; beside {TokenizerFiles.Vocabulary} and {TokenizerFiles.Merges} supported are Qwen2Tokenizer and GPT2Tokenizer. "
                + $"Any other byte-level tokenizer needs a {TokenizerFiles.Json} (Transformers writes one: AutoTokenizer.from_pretrained(...).save_pretrained(...))."),
        };
        if (config.IsTrue("add_prefix_space")) throw new TokenizerFormatException($"{config.Path}: add_prefix_space is true; supported is false.");

        var path = files.PathOf(TokenizerFiles.Vocabulary);
        using var document = TokenizerFolder.Parse(files, TokenizerFiles.Vocabulary);
        var vocabulary = TokenizerJson.ReadVocabulary(path, "", document.RootElement);
        var ids = new Dictionary<string, int>(vocabulary, StringComparer.Ordinal);
        var added = config.Added(ids);
        var model = new ByteLevelModel { Vocabulary = vocabulary, Merges = ReadMerges(files), Pattern = pattern, Nfc = nfc };
        TokenizerJson.Check(path, files.PathOf(TokenizerFiles.Merges), model, ids);
        if (config.IsTrue("add_bos_token") && config.Token("bos_token") is { } first)
            model = model with { Prefix = [added.FirstOrDefault(t => t.Content == first) ?? throw new TokenizerFormatException($"{config.Path}: bos_token {first} is not in the vocabulary.")] };
        return new ByteLevelTokenizer(model, added, config.Roles(added.Select(t => t.Content)));
    }

    private static List<(string Left, string Right)> ReadMerges(TokenizerFiles files)
    {
        var path = files.PathOf(TokenizerFiles.Merges);
        var merges = new List<(string, string)>();
        var number = 0;
        foreach (var raw in Encoding.UTF8.GetString(files.Bytes(TokenizerFiles.Merges).Span).Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (line.Length == 0 || (number == 1 && line.TrimStart('\uFEFF').StartsWith("#version", StringComparison.Ordinal))) continue;
            var parts = line.Split(' ');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0) throw new TokenizerFormatException($"{path}, line {number}: '{(line.Length > 60 ? line[..60] + "..." : line)}' is no merge; a merge is two tokens with a space between.");
            merges.Add((parts[0], parts[1]));
        }

        return merges;
    }
}
