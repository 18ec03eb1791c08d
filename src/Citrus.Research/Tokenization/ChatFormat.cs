namespace Citrus.Research.Tokenization;

/// <summary>How a model reads a conversation, written natively: a template is recognised, never run.</summary>
/// <remarks>
/// What people said is data: with <see cref="Stretches"/>, <see cref="PromptStretches"/> and <see cref="StudentTokenizer.EncodePrompt"/> a special token spelt in it stays ordinary
/// text. Hugging Face's <c>apply_chat_template</c> tokenises the rendered text and so obeys it; for that, encode <see cref="Prompt(IReadOnlyList{ChatTurn}, bool)"/> or <see cref="Render"/>.
/// For text that names no special token both give the same ids. No format adds a token beyond its text, so a first token that the template writes is never doubled.
/// </remarks>
public sealed class ChatFormat
{
    /// <summary>The roles of a turn.</summary>
    public const string System = "system", User = "user", Assistant = "assistant";

    private readonly ChatStyle _style;

    internal ChatFormat(ChatStyle style) => _style = style;

    /// <summary>The formats by name.</summary>
    public static IReadOnlyList<string> Names { get; } = ["student", "chatml", "llama3", "mistral"];

    /// <summary><c>student</c> (our own), <c>chatml</c> (Qwen), <c>llama3</c> or <c>mistral</c>.</summary>
    public string Name => _style.Name;

    /// <summary>The token that closes an assistant's turn.</summary>
    public string EndOfTurn => _style.EndOfTurn;

    /// <summary>Tokens at which generation stops, the end of a turn first; a vocabulary may lack some.</summary>
    public IReadOnlyList<string> StopTokens => _style.StopTokens;

    /// <summary>A format by name, in its plainest version: ChatML without a default system turn, Llama 3.0's headers, Mistral v0.3's spaces.</summary>
    /// <exception cref="ArgumentException">The name is none of <see cref="Names"/>.</exception>
    public static ChatFormat Named(string name) => new(name switch
    {
        "student" => new StudentStyle(),
        "chatml" => new ChatMlStyle(system: null),
        "llama3" => new Llama3Style(dated: false),
        "mistral" => new MistralStyle { Open = "[INST] ", Close = "[/INST]", BeforeAnswer = " ", TrimsAnswer = true, System = MistralStyle.SystemPlace.LastQuestion },
        _ => throw new ArgumentException($"'{name}' is no chat format; supported are {string.Join(", ", Names)}.", nameof(name)),
    });

    /// <summary>The format with this day in Llama 3.1's system header; the same format where no date is written.</summary>
    /// <remarks>Without it the header says 26 Jul 2024, the templates' own default, so that a prompt is the same every day. Transformers writes the current day for Llama 3.2.</remarks>
    public ChatFormat On(DateOnly day) =>
        _style is Llama3Style llama ? new(llama.On(day.ToString("dd MMM yyyy", global::System.Globalization.CultureInfo.InvariantCulture))) : this;

    /// <summary>The text after which the assistant's next words come.</summary>
    /// <param name="turns">The conversation so far; it ends with a user's turn.</param>
    /// <param name="thinking">False asks a model with a switch for it (Qwen 3) to answer without a thought.</param>
    /// <exception cref="ArgumentException">A turn has an unknown role, or stands where the format has no place for it.</exception>
    public string Prompt(IReadOnlyList<ChatTurn> turns, bool thinking = true) => Written(turns, prompt: true, thinking).ToString();

    /// <summary>A question's prompt.</summary>
    public string Prompt(string user) => Prompt([new ChatTurn(User, user)]);

    /// <summary>The prompt as marks and data; encode it with <see cref="StudentTokenizer.EncodeWeighted"/>.</summary>
    /// <inheritdoc cref="Prompt(IReadOnlyList{ChatTurn}, bool)"/>
    public IReadOnlyList<Stretch> PromptStretches(IReadOnlyList<ChatTurn> turns, bool thinking = true) => Written(turns, prompt: true, thinking).Stretches;

    /// <summary>A whole conversation as text.</summary>
    /// <exception cref="ArgumentException">A turn has an unknown role, or stands where the format has no place for it.</exception>
    public string Render(IReadOnlyList<ChatTurn> turns) => Written(turns, prompt: false, thinking: true).ToString();

    /// <summary>A whole conversation with loss weights: each assistant turn's text weighs what its parts say (1 without parts), its end token 1, everything else 0.</summary>
    /// <exception cref="ArgumentException">A turn has an unknown role, or stands where the format has no place for it.</exception>
    public IReadOnlyList<Stretch> Stretches(IReadOnlyList<ChatTurn> turns) => Written(turns, prompt: false, thinking: true).Stretches;

    /// <summary>The template that says the same to Hugging Face; null where only the checkpoint's own does.</summary>
    internal string? Jinja => _style.Jinja;

    private ChatWriter Written(IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Role is not (System or User or Assistant))
                throw new ArgumentException($"Turn {i + 1} has the role '{turns[i].Role}'; roles are {System}, {User} and {Assistant}.", nameof(turns));
            if (turns[i].Parts is { } parts && string.Concat(parts.Select(p => p.Text)) != turns[i].Text)
                throw new ArgumentException($"Turn {i + 1}: its parts joined are not its text.", nameof(turns));
        }

        var writer = new ChatWriter();
        _style.Write(writer, turns, prompt, thinking);
        return writer;
    }
}
