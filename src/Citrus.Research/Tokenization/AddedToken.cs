namespace Citrus.Research.Tokenization;

/// <summary>A token that is cut out of the raw text before anything else looks at it.</summary>
/// <param name="Special">Whether Hugging Face's decoders leave it out by default.</param>
public sealed record AddedToken(int Id, string Content, bool Special);
