namespace Citrus.Research.Tokenization;

/// <summary>The first place at which two tokenizers part.</summary>
/// <param name="TextIndex">Which text, from 0.</param>
/// <param name="Text">That text.</param>
/// <param name="Position">The token of it, from 0.</param>
/// <param name="Left">The first tokenizer's tokens from there on, at most five.</param>
/// <param name="Right">The second's.</param>
public sealed record TokenizerDifference(int TextIndex, string Text, int Position, IReadOnlyList<(int Id, string Token)> Left, IReadOnlyList<(int Id, string Token)> Right);
