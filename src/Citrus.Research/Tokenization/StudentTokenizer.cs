using System.Diagnostics.CodeAnalysis;

namespace Citrus.Research.Tokenization;

/// <summary>Text to token ids and back, kept as a Hugging Face <c>tokenizer.json</c>.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public abstract class StudentTokenizer
{
    private readonly string?[] _tokenOf;
    private readonly Dictionary<string, int> _idOf = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _addedById;
    private ChatFormat? _chatFormat;

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

    /// <summary>In words: the model, its split and its normalisation.</summary>
    public abstract string Kind { get; }

    /// <summary>The text that decoding its ids gives back.</summary>
    internal abstract string Normalise(string text);

    /// <summary>Tokens that are cut out of the raw text first, by id.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>Which tokens stand for padding, the unknown word and the turns of a chat.</summary>
    public TokenRoles Roles { get; }

    private protected AddedTokenCutter Cutter { get; }

    /// <summary>The files it was read from; null where it was made here.</summary>
    internal TokenizerFiles? Files { get; set; }

    /// <summary>The format given with <see cref="WithChatFormat"/>.</summary>
    internal ChatFormat? ChosenFormat { get; private set; }

    /// <summary>Where the chat format is read from; null where the tokenizer was made here.</summary>
    internal ChatSource? ChatSource { get; set; }

    /// <summary>One more than the highest id: the rows of an embedding.</summary>
    public int VocabularySize => _tokenOf.Length;

    /// <summary>Fills the end of a short sequence; where the tokenizer names no token for it (Llama 3, GPT-2), the end of a text does, as padding is never read nor learned.</summary>
    public int PadId => Roles.Pad is null && Roles.End is not null ? EndOfTextId : Required(Roles.Pad, "padding");

    public int UnknownId => Required(Roles.Unknown, "an unknown word");

    public int UserId => Required(Roles.User, "the user's turn");

    public int AssistantId => Required(Roles.Assistant, "the assistant's turn");

    public int EndId => Required(Roles.End, "the end of a turn");

    /// <summary>How the model reads a conversation: recognised in the folder's chat template, or the one given with <see cref="WithChatFormat"/>.</summary>
    /// <exception cref="TokenizerFormatException">There is no chat template, or it is of none of the supported formats; the message names them.</exception>
    public ChatFormat ChatFormat => _chatFormat ??= ChatSource?.Format() ?? (Roles.User is null ? new ChatSource("This tokenizer", null, null, null).Format() : ChatFormat.Named("student"));

    /// <summary>Ids at which generation stops, the end of an assistant's turn first: the format's stop tokens that the vocabulary holds, and the end token of the configuration.</summary>
    /// <exception cref="TokenizerFormatException">The chat format is unknown.</exception>
    public IReadOnlyList<int> StopIds => [.. ChatFormat.StopTokens.Append(Roles.End).OfType<string>().Select(IdOf).OfType<int>().Distinct()];

    /// <summary>The id that closes an assistant's turn.</summary>
    /// <exception cref="TokenizerFormatException">The chat format is unknown.</exception>
    public int EndOfTurnId => Required(ChatFormat.EndOfTurn, "the end of a turn");

    /// <summary>The id that closes a document of plain text: <c>&lt;|endoftext|&gt;</c>, <c>&lt;|end_of_text|&gt;</c>, else the end token of the configuration.</summary>
    public int EndOfTextId => IdOf("<|endoftext|>") ?? IdOf("<|end_of_text|>") ?? EndId;

    /// <summary>Gives a tokenizer whose folder names no (supported) chat template the format that its model is to be trained on.</summary>
    public StudentTokenizer WithChatFormat(ChatFormat format)
    {
        var copy = (StudentTokenizer)MemberwiseClone();
        copy._chatFormat = copy.ChosenFormat = format;
        return copy;
    }

    /// <summary>The ids after which the assistant's next words come; special tokens spelt in what people said stay text.</summary>
    /// <inheritdoc cref="ChatFormat.Prompt(IReadOnlyList{ChatTurn}, bool)"/>
    public IReadOnlyList<int> EncodePrompt(IReadOnlyList<ChatTurn> turns, bool thinking = true) => EncodeWeighted(ChatFormat.PromptStretches(turns, thinking)).Ids;

    /// <summary>Ids that Hugging Face's tokenizer sets before a text unless told not to: Llama 3's <c>&lt;|begin_of_text|&gt;</c>; empty for Qwen and our own.</summary>
    public virtual IReadOnlyList<int> Prefix => [];

    /// <summary>Ids that it sets behind a text.</summary>
    public virtual IReadOnlyList<int> Suffix => [];

    /// <summary>The ids of a text; no token is added that the text does not name (Hugging Face's <c>add_special_tokens=False</c>). Rendered conversations name their first token themselves.</summary>
    public abstract IReadOnlyList<int> Encode(string text);

    /// <summary>The ids of a document of its own, between <see cref="Prefix"/> and <see cref="Suffix"/> (<c>add_special_tokens=True</c>). Not for rendered conversations: their first token would be there twice.</summary>
    public IReadOnlyList<int> EncodeDocument(string text) => Prefix.Count + Suffix.Count == 0 ? Encode(text) : [.. Prefix, .. Encode(text), .. Suffix];

    /// <summary>The ids of the stretches' joined text; a token weighs what the stretch with its last character weighs. Special tokens are not read in data (<see cref="Stretch.IsData"/>).</summary>
    public abstract WeightedIds EncodeWeighted(IReadOnlyList<Stretch> stretches);

    /// <summary>The text of the ids. Ids outside the vocabulary are left out.</summary>
    public string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecial: false);

    /// <summary>The text of the ids, on request without special tokens (padding, turns, end; the tags of thought and answer stay).</summary>
    public abstract string Decode(IEnumerable<int> ids, bool skipSpecial);

    /// <summary>The token as the vocabulary spells it; null where the id has none.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokenOf.Length ? _tokenOf[id] : null;

    /// <summary>The id of a token spelt as the vocabulary spells it; null where it is not there.</summary>
    public int? IdOf(string token) => _idOf.TryGetValue(token, out var id) ? id : null;

    /// <summary>
    /// Writes the tokenizer into the folder, which is made where it is absent: the files it was read from, byte for byte, and a <c>tokenizer.json</c> and
    /// <c>tokenizer_config.json</c> of the same meaning where those are not among them.
    /// </summary>
    public void Save(string folder) => TokenizerFolder.Write(this, folder);

    /// <summary>
    /// Reads a folder that <see cref="Save"/> wrote, or a published byte-level BPE tokenizer: a <c>tokenizer.json</c> (Qwen2 to 3, Llama 3, GPT-2, Mistral Nemo), else
    /// <c>vocab.json</c> with <c>merges.txt</c> (Qwen2, GPT-2), else a tiktoken file (Llama 3's <c>tokenizer.model</c>, <c>qwen.tiktoken</c>).
    /// </summary>
    /// <exception cref="TokenizerFormatException">A file is absent, broken, or asks for something unsupported; the message names file and field.</exception>
    public static StudentTokenizer Load(string folder) => TokenizerFolder.Read(folder);

    /// <summary>The <c>model</c>, <c>pre_tokenizer</c>, <c>normalizer</c> and <c>decoder</c> of tokenizer.json.</summary>
    internal abstract void WriteModel(System.Text.Json.Utf8JsonWriter json);

    /// <summary>Tells whether a stretch of the joined text touches data; null where there is none.</summary>
    private protected Func<int, int, bool>? DataIn(IReadOnlyList<Stretch> stretches)
    {
        if (!stretches.Any(s => s.IsData)) return null;
        var (ends, at) = (new int[stretches.Count], 0);
        for (var i = 0; i < ends.Length; i++) ends[i] = at += stretches[i].Text.Length;
        return (from, to) =>
        {
            var i = Array.BinarySearch(ends, from);
            for (i = i < 0 ? ~i : i + 1; i < ends.Length && (i == 0 ? 0 : ends[i - 1]) < to; i++)
                if (stretches[i].IsData && stretches[i].Text.Length > 0) return true;
            return false;
        };
    }

    private protected bool TryAdded(int id, [NotNullWhen(true)] out AddedToken? token) => _addedById.TryGetValue(id, out token);

    private protected string?[] TokensById => _tokenOf;

    private int Required(string? token, string role) =>
        token is not null && _idOf.TryGetValue(token, out var id)
            ? id
            : throw new InvalidOperationException($"This tokenizer has no token for {role}{(token is null ? "" : $" ({token})")}.");
}
