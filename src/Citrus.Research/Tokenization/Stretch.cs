namespace Citrus.Research.Tokenization;

/// <summary>A stretch of a longer text whose tokens share one loss weight.</summary>
public readonly record struct Stretch(string Text, double Weight = 1)
{
    /// <summary>
    /// Whether the text came from outside: special tokens that it spells (<c>&lt;|im_start|&gt;</c>) stay ordinary text, as with Transformers' <c>split_special_tokens</c>.
    /// Added tokens that are not special (<c>&lt;think&gt;</c>) are still one token.
    /// </summary>
    public bool IsData { get; init; }
}
