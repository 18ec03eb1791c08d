using System.Text.Json;

namespace Citrus.Research.Tokenization;

/// <summary>A tokenizer_config.json: the class, the tokens with a role, those that are added, and the chat template.</summary>
internal sealed class TokenizerConfig
{
    private readonly JsonElement _root;
    private readonly TokenizerFiles _files;

    public TokenizerConfig(TokenizerFiles files)
    {
        _files = files;
        using var document = files.Has(TokenizerFiles.Config) ? TokenizerFolder.Parse(files, TokenizerFiles.Config) : JsonDocument.Parse("{}");
        _root = document.RootElement.Clone();
    }

    public string Path => _files.PathOf(TokenizerFiles.Config);

    /// <summary>tokenizer_class; null where it is not named.</summary>
    public string? Class => Text("tokenizer_class");

    /// <summary>The token of a field like <c>eos_token</c>: a text, or an object with <c>content</c>.</summary>
    public string? Token(string field) => !_root.TryGetProperty(field, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : null;

    public bool IsTrue(string field) => _root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>added_tokens_decoder, and what added_tokens.json lists beside it; special where the configuration says so or names the token for a role.</summary>
    public List<AddedToken> Added(IReadOnlyDictionary<string, int> vocabulary)
    {
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var named = new[] { "bos_token", "eos_token", "unk_token", "pad_token" }.Select(Token).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (_root.TryGetProperty("additional_special_tokens", out var more) && more.ValueKind == JsonValueKind.Array)
            named.UnionWith(more.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.String).Select(t => t.GetString()!));
        if (_root.TryGetProperty("added_tokens_decoder", out var decoder) && decoder.ValueKind == JsonValueKind.Object)
            foreach (var entry in decoder.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, out var id) || id < 0) throw new TokenizerFormatException($"{Path}: added_tokens_decoder '{entry.Name}' is no id.");
                var token = TokenizerJson.ReadAddedToken(Path, "added_tokens_decoder", entry.Value, id, normalises: true);
                added[token.Content] = token;
            }

        if (_files.Has(TokenizerFiles.Added))
        {
            using var list = TokenizerFolder.Parse(_files, TokenizerFiles.Added);
            foreach (var entry in list.RootElement.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id < 0)
                    throw new TokenizerFormatException($"{_files.PathOf(TokenizerFiles.Added)}: '{entry.Name}' has the id {entry.Value.GetRawText()}; ids are whole numbers from 0.");
                added.TryAdd(entry.Name, new AddedToken(id, entry.Name, named.Contains(entry.Name)));
            }
        }

        foreach (var token in named)
            if (vocabulary.TryGetValue(token, out var id)) added.TryAdd(token, new AddedToken(id, token, true));
        return [.. added.Values.OrderBy(t => t.Id)];
    }

    /// <summary>The roles among tokens that are there; our own names stand where the configuration names none.</summary>
    public TokenRoles Roles(IEnumerable<string> tokens)
    {
        var names = tokens.ToHashSet(StringComparer.Ordinal);
        string? Known(string? name) => name is not null && names.Contains(name) ? name : null;
        var ours = new TokenRoles();
        return new TokenRoles
        {
            Pad = Known(Token("pad_token")) ?? Known(ours.Pad),
            Unknown = Known(Token("unk_token")) ?? Known(ours.Unknown),
            User = Known(ours.User),
            Assistant = Known(ours.Assistant),
            End = Known(Token("eos_token")) ?? Known(ours.End),
        };
    }

    /// <summary>Where the chat format is to be read; as in Transformers, a file of its own comes before the field.</summary>
    public ChatSource Chat(TokenRoles roles)
    {
        var (first, last) = (Token("bos_token"), Token("eos_token"));
        if (_files.Has(TokenizerFiles.Template))
            return new ChatSource(_files.PathOf(TokenizerFiles.Template), System.Text.Encoding.UTF8.GetString(_files.Bytes(TokenizerFiles.Template).Span), first, last);
        return new ChatSource($"{Path}: chat_template", Template() ?? (roles.User is null ? null : ChatTemplate.Jinja), first, last);
    }

    // a text, or a list of named ones
    private string? Template() => !_root.TryGetProperty("chat_template", out var field) ? null : field.ValueKind switch
    {
        JsonValueKind.String => field.GetString(),
        JsonValueKind.Array => field.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object && t.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("default"))
            .Select(t => t.TryGetProperty("template", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null).FirstOrDefault(),
        _ => null,
    };

    private string? Text(string field) => _root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
