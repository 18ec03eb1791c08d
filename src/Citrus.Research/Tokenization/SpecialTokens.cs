namespace Citrus.Research.Tokenization;

/// <summary>The tokens with a meaning of their own; each is one id in every student's vocabulary, the first nine, in this order.</summary>
public static class SpecialTokens
{
    /// <summary>Fills the end of a short sequence; never read, never learned.</summary>
    public const string Pad = "<pad>";

    /// <summary>Stands for a word outside the vocabulary.</summary>
    public const string Unknown = "<unk>";

    /// <summary>Opens a question.</summary>
    public const string User = "<|user|>";

    /// <summary>Opens an answer.</summary>
    public const string Assistant = "<|assistant|>";

    /// <summary>Closes an answer, and with it generation.</summary>
    public const string End = "<|end|>";

    public const string Think = "<think>";
    public const string EndThink = "</think>";
    public const string Answer = "<answer>";
    public const string EndAnswer = "</answer>";

    /// <summary>All of them; a student's tokenizer gives them the ids 0 to 8.</summary>
    public static IReadOnlyList<string> All { get; } = [Pad, Unknown, User, Assistant, End, Think, EndThink, Answer, EndAnswer];

    /// <summary>Whether a decoder may leave the token out: the tags of thought and answer are text that readers need.</summary>
    public static bool IsHidden(string token) => token is Pad or Unknown or User or Assistant or End;
}
