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
        var vocabulary = Vocabulary();
        if (vocabulary.All(v => v.Key != unknown)) throw new TokenizerFormatException($"{_path}: model.unk_token {unknown} is not in model.vocab.");
        return new WordTokenizer(vocabulary, Added, roles with { Unknown = unknown });
    }

    public ByteLevelTokenizer ByteLevel(TokenRoles roles)
    {
        if (IsTrue(_model, "byte_fallback")) throw Unsupported("model.byte_fallback", "true", "false: byte-level BPE, not SentencePiece's");
        var nfc = IsPresent(_root, "normalizer", out var normalizer);
        if (nfc && String(normalizer, "normalizer.type") is var form && form != "NFC") throw Unsupported("normalizer.type", form, "NFC or none");
        var model = new ByteLevelModel
        {
            Vocabulary = Vocabulary(),
            Merges = Merges(),
            Pattern = Pattern(),
            Nfc = nfc,
            IgnoreMerges = IsTrue(_model, "ignore_merges"),
        };
        var ids = new Dictionary<string, int>(model.Vocabulary, StringComparer.Ordinal);
        if (ByteAlphabet.Tokens.FirstOrDefault(t => !ids.ContainsKey(t)) is { } lost)
            throw new TokenizerFormatException($"{_path}: model.vocab lacks the byte '{lost}'; a byte-level vocabulary has all 256.");
        var last = -1;
        for (var i = 0; i < model.Merges.Count; i++)
        {
            var (left, right) = model.Merges[i];
            if (!ids.ContainsKey(left) || !ids.ContainsKey(right) || !ids.TryGetValue(left + right, out var id))
                throw new TokenizerFormatException($"{_path}: model.merges {i} ('{left}' + '{right}') names a token that is not in model.vocab.");
            if (model.IgnoreMerges && id < last) throw Unsupported($"model.ignore_merges with merge {i}", "out of id order", "ids that follow the merges");
            last = id;
        }

        return new ByteLevelTokenizer(model, Added, roles);
    }

    private string Pattern()
    {
        string? pattern = null;
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
                    if (String(step, "pre_tokenizer.behavior") is var behaviour && behaviour != "Isolated") throw Unsupported("pre_tokenizer.behavior", behaviour, "Isolated");
                    if (IsTrue(step, "invert")) throw Unsupported("pre_tokenizer.invert", "true", "false");
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

        return pattern ?? throw new TokenizerFormatException($"{_path}: pre_tokenizer names no pattern to split by.");
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

    private List<KeyValuePair<string, int>> Vocabulary()
    {
        var list = new List<KeyValuePair<string, int>>();
        var ids = new HashSet<int>();
        foreach (var entry in Object(_model, "vocab").EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                throw new TokenizerFormatException($"{_path}: model.vocab '{entry.Name}' has the id {entry.Value.GetRawText()}; ids are whole numbers from 0.");
            if (!ids.Add(id)) throw new TokenizerFormatException($"{_path}: model.vocab gives the id {id} twice, once to '{entry.Name}'.");
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
            var content = String(token, "added_tokens.content");
            foreach (var flag in new[] { "lstrip", "rstrip", "single_word", "normalized" })
                if (IsTrue(token, flag)) throw Unsupported($"added_tokens '{content}' {flag}", "true", "false");
            if (!token.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number))
                throw new TokenizerFormatException($"{_path}: added_tokens '{content}' needs a whole number as id.");
            if (content.Length == 0) throw new TokenizerFormatException($"{_path}: added_tokens id {number} has no content.");
            added.Add(new AddedToken(number, content, IsTrue(token, "special")));
        }

        if (added.GroupBy(t => t.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new TokenizerFormatException($"{_path}: added_tokens gives the id {twice.Key} twice.");
        return [.. added.OrderBy(t => t.Id)];
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
