namespace Citrus.Research.Tokenization;

/// <summary>How far the training of a byte-level vocabulary is.</summary>
/// <param name="Texts">Texts counted so far.</param>
/// <param name="Words">Different pieces among them.</param>
/// <param name="Tokens">Tokens of the vocabulary so far; 0 while texts are counted.</param>
/// <param name="Wanted">Tokens in all.</param>
public readonly record struct BpeProgress(long Texts, int Words, int Tokens, int Wanted);
