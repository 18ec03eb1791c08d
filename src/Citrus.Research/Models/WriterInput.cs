namespace Citrus.Research.Models;

/// <summary>Tokens that a text goes on with.</summary>
/// <param name="Text">The text's number.</param>
/// <param name="Ids">The tokens, at least one.</param>
/// <param name="Wanted">After how many of them, the last ones, logits are asked for.</param>
internal readonly record struct WriterInput(int Text, ReadOnlyMemory<int> Ids, int Wanted);
