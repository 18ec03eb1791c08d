namespace Citrus.Research.Tokenization;

/// <summary>How one family of models writes a conversation.</summary>
internal abstract class ChatStyle
{
    public abstract string Name { get; }

    /// <summary>The token that closes an assistant's turn.</summary>
    public abstract string EndOfTurn { get; }

    /// <summary>Tokens at which generation stops, the end of a turn first.</summary>
    public abstract IReadOnlyList<string> StopTokens { get; }

    /// <summary>Writes the turns.</summary>
    /// <param name="prompt">Write also what stands before an assistant's next words.</param>
    /// <param name="thinking">Whether the assistant may think aloud; read by formats that ask the model so.</param>
    public abstract void Write(ChatWriter writer, IReadOnlyList<ChatTurn> turns, bool prompt, bool thinking);

    /// <summary>The template that Hugging Face renders for this style; null where it must come from the folder it was read from.</summary>
    public virtual string? Jinja => null;
}
