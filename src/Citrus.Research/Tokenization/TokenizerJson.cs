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
