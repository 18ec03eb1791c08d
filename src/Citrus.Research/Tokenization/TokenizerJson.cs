using System.Text.Json;

namespace Citrus.Research.Tokenization;

/// <summary>A tokenizer.json, read field by field with errors that name file and field.</summary>
internal sealed class TokenizerJson
{
    private readonly string _path;
    private readonly JsonElement _root;
    private readonly JsonElement _model;

    public TokenizerJson(string path, JsonElement root)
    {
        (_path, _root) = (path, root);
        _model = Object(root, "model");
        ModelType = String(_model, "model.type");
        Added = ReadAdded();
    }

    public string ModelType { get; }

    public List<AddedToken> Added { get; }

    public WordTokenizer WordLevel(TokenRoles roles)
    {
        if (IsPresent(_root, "normalizer", out var normalizer)) throw Unsupported("normalizer", normalizer.GetRawText(), "null");
        if (String(Object(_root, "pre_tokenizer"), "pre_tokenizer.type") is var split && split != "WhitespaceSplit")
            throw Unsupported("pre_tokenizer.type", split, "WhitespaceSplit");
        var unknown = String(_model, "model.unk_token");
        var vocabulary = ReadVocabulary(_path, "model.vocab ", Object(_model, "vocab"));
        if (vocabulary.All(v => v.Key != unknown)) throw new TokenizerFormatException($"{_path}: model.unk_token {unknown} is not in model.vocab.");
        return new WordTokenizer(vocabulary, Added, roles with { Unknown = unknown });
    }

    public ByteLevelTokenizer ByteLevel(TokenRoles roles)
    {
        if (IsTrue(_model, "byte_fallback")) throw Unsupported("model.byte_fallback", "true", "false: byte-level BPE (Qwen2 to 3, Llama 3, GPT-2, Mistral Nemo), not SentencePiece's (Llama 2, Mistral 7B). Choose a checkpoint with a byte-level tokenizer");
        var nfc = IsPresent(_root, "normalizer", out var normalizer);
        if (nfc && String(normalizer, "normalizer.type") is var form && form != "NFC") throw Unsupported("normalizer.type", form, "NFC or none");
        foreach (var field in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
            if (IsPresent(_model, field, out var affix) && (affix.ValueKind != JsonValueKind.String || !affix.ValueEquals(""))) throw Unsupported($"model.{field}", affix.GetRawText(), "null");
        if (IsPresent(_model, "dropout", out var dropout)) throw Unsupported("model.dropout", dropout.GetRawText(), "null");
        var (prefix, suffix) = PostProcessor();
        var (pattern, dropsGaps) = Pattern();
        var model = new ByteLevelModel
        {
            Vocabulary = ReadVocabulary(_path, "model.vocab ", Object(_model, "vocab")),
            Merges = Merges(),
            Pattern = pattern,
            DropsGaps = dropsGaps,
            Nfc = nfc,
            IgnoreMerges = IsTrue(_model, "ignore_merges"),
            Prefix = prefix,
            Suffix = suffix,
        };
        Check(_path, $"{_path}: model.merges", model, new Dictionary<string, int>(model.Vocabulary, StringComparer.Ordinal));
        return new ByteLevelTokenizer(model, Added, roles);
    }

    /// <summary>Whether vocabulary and merges fit each other.</summary>
    public static void Check(string path, string mergesPath, ByteLevelModel model, Dictionary<string, int> ids)
    {
        CheckBytes(path, ids);
        var last = -1;
        for (var i = 0; i < model.Merges.Count; i++)
        {
            var (left, right) = model.Merges[i];
            if (!ids.ContainsKey(left) || !ids.ContainsKey(right) || !ids.TryGetValue(left + right, out var id))
                throw new TokenizerFormatException($"{mergesPath} {i} ('{left}' + '{right}') names a token that is not in the vocabulary.");
            if (model.IgnoreMerges && id < last) throw new TokenizerFormatException($"{mergesPath} {i} ('{left}' + '{right}') is out of id order; with ignore_merges supported are ids that follow the merges.");
            last = id;
        }

        if (model.IgnoreMerges && ByteLevelModel.CountAllMerges(ids) is var all && all != model.Merges.Count)
            throw new TokenizerFormatException($"{mergesPath} has {model.Merges.Count} merges where the vocabulary allows {all}; with ignore_merges supported is a list of all (as it is made from a tiktoken file).");
    }

    public static void CheckBytes(string path, Dictionary<string, int> ids)
    {
        if (ByteAlphabet.Tokens.FirstOrDefault(t => !ids.ContainsKey(t)) is { } lost)
            throw new TokenizerFormatException($"{path}: the vocabulary lacks the byte '{lost}'; a byte-level vocabulary has all 256.");
    }

    private (List<AddedToken> Prefix, List<AddedToken> Suffix) PostProcessor()
    {
        var (prefix, suffix) = (new List<AddedToken>(), new List<AddedToken>());
        if (!IsPresent(_root, "post_processor", out var root)) return (prefix, suffix);
        var steps = String(root, "post_processor.type") == "Sequence" && IsPresent(root, "processors", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToArray() : [root];
        foreach (var step in steps)
        {
            switch (String(step, "post_processor.type"))
            {
                case "ByteLevel":
                    break;
                case "TemplateProcessing" when IsPresent(step, "single", out var single) && single.ValueKind == JsonValueKind.Array:
                    var side = prefix;
                    foreach (var piece in single.EnumerateArray())
                    {
                        if (IsPresent(piece, "Sequence", out _)) side = suffix;
                        else
                        {
                            var name = String(Object(piece, "SpecialToken"), "post_processor.single.SpecialToken.id");
                            side.Add(Added.Find(t => t.Content == name) ?? throw new TokenizerFormatException($"{_path}: post_processor.single names {name}, which is none of added_tokens."));
                        }
                    }

                    break;
                case var other:
                    throw Unsupported("post_processor.type", other, "ByteLevel or TemplateProcessing");
            }
        }

        return (prefix, suffix);
    }

    private (string Pattern, bool DropsGaps) Pattern()
    {
        string? pattern = null;
        var dropsGaps = false;
        var root = Object(_root, "pre_tokenizer");
        var steps = String(root, "pre_tokenizer.type") == "Sequence" && IsPresent(root, "pretokenizers", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToArray()
            : [root];
        foreach (var step in steps)
        {
            switch (String(step, "pre_tokenizer.type"))
            {
                case "Split":
                    if (pattern is not null) throw Unsupported("pre_tokenizer", "two Split steps", "one");
                    // published files say "keep the matches" in either of two ways
                    var behaviour = String(step, "pre_tokenizer.behavior");
                    dropsGaps = behaviour == "Removed" && IsTrue(step, "invert");
                    if (behaviour != "Isolated" && !dropsGaps) throw Unsupported("pre_tokenizer.behavior", behaviour, "Isolated, or Removed with invert");
                    if (IsTrue(step, "invert") && !dropsGaps) throw Unsupported("pre_tokenizer.invert", "true", "false");
                    pattern = String(Object(step, "pattern"), "pattern.Regex");
                    break;
                case "ByteLevel":
                    if (IsTrue(step, "add_prefix_space")) throw Unsupported("pre_tokenizer.add_prefix_space", "true", "false");
                    if (!IsPresent(step, "use_regex", out var use) || use.ValueKind == JsonValueKind.True)
                        pattern = pattern is null ? ByteLevelModel.Gpt2Pattern : throw Unsupported("pre_tokenizer", "Split and ByteLevel with use_regex", "one of them");
                    break;
                case var other:
                    throw Unsupported("pre_tokenizer.type", other, "Split and ByteLevel");
            }
        }

        return (pattern ?? throw new TokenizerFormatException($"{_path}: pre_tokenizer names no pattern to split by."), dropsGaps);
    }

    private List<(string Left, string Right)> Merges()
    {
        var merges = new List<(string, string)>();
        if (!IsPresent(_model, "merges", out var array) || array.ValueKind != JsonValueKind.Array) throw new TokenizerFormatException($"{_path}: the list model.merges is missing.");
        foreach (var merge in array.EnumerateArray())
        {
            // older files: "a b"; newer ones: ["a", "b"]
            var parts = merge.ValueKind == JsonValueKind.String ? merge.GetString()!.Split(' ')
                : merge.ValueKind == JsonValueKind.Array ? [.. merge.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String ? p.GetString()! : "")]
                : [];
            if (parts.Length != 2 || parts.Any(p => p.Length == 0)) throw new TokenizerFormatException($"{_path}: model.merges {merges.Count} is {merge.GetRawText()}; a merge is two tokens.");
            merges.Add((parts[0], parts[1]));
        }

        return merges;
    }

    public TokenizerFormatException Unsupported(string field, string found, string right) =>
        new($"{_path}: {field} is {(found.Length > 200 ? found[..200] + "..." : found)}; supported is {right}.");

    public static List<KeyValuePair<string, int>> ReadVocabulary(string path, string field, JsonElement vocabulary)
    {
        var list = new List<KeyValuePair<string, int>>();
        var (ids, names) = (new HashSet<int>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                throw new TokenizerFormatException($"{path}: {field}'{entry.Name}' has the id {entry.Value.GetRawText()}; ids are whole numbers from 0.");
            if (!ids.Add(id)) throw new TokenizerFormatException($"{path}: {field}gives the id {id} twice, once to '{entry.Name}'.");
            if (!names.Add(entry.Name)) throw new TokenizerFormatException($"{path}: {field}names '{entry.Name}' twice.");
            list.Add(new(entry.Name, id));
        }

        return list;
    }

    private List<AddedToken> ReadAdded()
    {
        var added = new List<AddedToken>();
        if (!IsPresent(_root, "added_tokens", out var array)) return added;
        if (array.ValueKind != JsonValueKind.Array) throw new TokenizerFormatException($"{_path}: added_tokens must be a list.");
        foreach (var token in array.EnumerateArray())
        {
            if (!IsPresent(token, "id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number) || number < 0)
                throw new TokenizerFormatException($"{_path}: added_tokens '{(IsPresent(token, "content", out var content) ? content.ToString() : token.ToString())}' needs a whole number as id.");
            added.Add(ReadAddedToken(_path, "added_tokens", token, number, IsPresent(_root, "normalizer", out _)));
        }

        if (added.GroupBy(t => t.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new TokenizerFormatException($"{_path}: added_tokens gives the id {twice.Key} twice.");
        return [.. added.OrderBy(t => t.Id)];
    }

    /// <param name="normalises">Whether there is a normaliser, before which a token that is not <c>normalized</c> is cut out of the text.</param>
    public static AddedToken ReadAddedToken(string path, string field, JsonElement token, int id, bool normalises)
    {
        if (!IsPresent(token, "content", out var text) || text.ValueKind != JsonValueKind.String || text.GetString() is not { Length: > 0 } content)
            throw new TokenizerFormatException($"{path}: {field} id {id} has no content.");
        foreach (var flag in normalises ? ["lstrip", "rstrip", "single_word", "normalized"] : new[] { "lstrip", "rstrip", "single_word" })
            if (IsTrue(token, flag)) throw new TokenizerFormatException($"{path}: {field} '{content}' {flag} is true; supported is false.");
        return new AddedToken(id, content, IsTrue(token, "special"));
    }

    private JsonElement Object(JsonElement parent, string field) =>
        IsPresent(parent, field, out var value) && value.ValueKind == JsonValueKind.Object
            ? value
            : throw new TokenizerFormatException($"{_path}: the object {field} is missing.");

    private string String(JsonElement parent, string field) =>
        IsPresent(parent, field[(field.LastIndexOf('.') + 1)..], out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new TokenizerFormatException($"{_path}: the text {field} is missing.");

    private static bool IsPresent(JsonElement parent, string field, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private static bool IsTrue(JsonElement parent, string field) => IsPresent(parent, field, out var value) && value.ValueKind == JsonValueKind.True;
}
