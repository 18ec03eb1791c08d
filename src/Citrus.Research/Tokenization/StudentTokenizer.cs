using System.Diagnostics.CodeAnalysis;

namespace Citrus.Research.Tokenization;

/// <summary>Text to token ids and back, kept as a Hugging Face <c>tokenizer.json</c>.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public abstract class StudentTokenizer
{
    private readonly string?[] _tokenOf;
    private readonly Dictionary<string, int> _idOf = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _addedById;

    private protected StudentTokenizer(IEnumerable<KeyValuePair<string, int>> vocabulary, IReadOnlyList<AddedToken> added, TokenRoles roles)
    {
        foreach (var (token, id) in vocabulary) _idOf[token] = id;
        foreach (var token in added) _idOf[token.Content] = token.Id;
        if (_idOf.Count == 0) throw new TokenizerFormatException("A tokenizer needs at least one token.");
        if (_idOf.Values.Min() < 0) throw new TokenizerFormatException("A token id is negative; ids begin at 0.");
        // ids may leave a few gaps, but an id far beyond the count is a broken file, not a reason to allocate
        if (_idOf.Values.Max() is var top && top >= (2L * _idOf.Count) + 100_000)
            throw new TokenizerFormatException($"Token id {top} is far beyond the {_idOf.Count} tokens of the vocabulary.");
        _tokenOf = new string?[top + 1];
        foreach (var (token, id) in _idOf) _tokenOf[id] = token;
        Added = added;
        Roles = roles;
        Cutter = new AddedTokenCutter(added);
        _addedById = added.ToDictionary(t => t.Id);
    }

    /// <summary>The Microsoft.ML.Tokenizers tokenizer of ordinary text; it knows no added tokens.</summary>
    public abstract Microsoft.ML.Tokenizers.Tokenizer Inner { get; }

    /// <summary>Tokens that are cut out of the raw text first, by id.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>Which tokens stand for padding, the unknown word and the turns of a chat.</summary>
    public TokenRoles Roles { get; }

    private protected AddedTokenCutter Cutter { get; }

    /// <summary>One more than the highest id: the rows of an embedding.</summary>
    public int VocabularySize => _tokenOf.Length;

    public int PadId => Required(Roles.Pad, "padding");

    public int UnknownId => Required(Roles.Unknown, "an unknown word");

    public int UserId => Required(Roles.User, "the user's turn");

    public int AssistantId => Required(Roles.Assistant, "the assistant's turn");

    public int EndId => Required(Roles.End, "the end of a turn");

    /// <summary>The ids of a text; no token is added that the text does not name.</summary>
    public abstract IReadOnlyList<int> Encode(string text);

    /// <summary>The ids of the stretches' joined text; a token weighs what the stretch with its last character weighs.</summary>
    public abstract WeightedIds EncodeWeighted(IReadOnlyList<Stretch> stretches);

    /// <summary>The text of the ids. Ids outside the vocabulary are left out.</summary>
    public string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecial: false);

    /// <summary>The text of the ids, on request without special tokens (padding, turns, end; the tags of thought and answer stay).</summary>
    public abstract string Decode(IEnumerable<int> ids, bool skipSpecial);

    /// <summary>The token as the vocabulary spells it; null where the id has none.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokenOf.Length ? _tokenOf[id] : null;

    /// <summary>The id of a token spelt as the vocabulary spells it; null where it is not there.</summary>
    public int? IdOf(string token) => _idOf.TryGetValue(token, out var id) ? id : null;

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> into the folder, which is made where it is absent.</summary>
    public void Save(string folder) => TokenizerFolder.Write(this, folder);

    /// <summary>Reads a folder that <see cref="Save"/> wrote, or a byte-level BPE tokenizer of Hugging Face's (Qwen, Llama 3, GPT-2).</summary>
    /// <exception cref="TokenizerFormatException">A file is absent, broken, or asks for something unsupported; the message names file and field.</exception>
    public static StudentTokenizer Load(string folder) => TokenizerFolder.Read(folder);

    /// <summary>The <c>model</c>, <c>pre_tokenizer</c>, <c>normalizer</c> and <c>decoder</c> of tokenizer.json.</summary>
    internal abstract void WriteModel(System.Text.Json.Utf8JsonWriter json);

    private protected bool TryAdded(int id, [NotNullWhen(true)] out AddedToken? token) => _addedById.TryGetValue(id, out token);

    private protected string?[] TokensById => _tokenOf;

    private int Required(string? token, string role) =>
        token is not null && _idOf.TryGetValue(token, out var id)
            ? id
            : throw new InvalidOperationException($"This tokenizer has no token for {role}{(token is null ? "" : $" ({token})")}.");
}
