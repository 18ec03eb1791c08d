namespace Citrus.Research.Models;

/// <summary>Tokens that a sequence reads next.</summary>
/// <param name="Sequence">What it has read before; it grows by the tokens.</param>
/// <param name="Ids">The tokens, at least one.</param>
/// <param name="Wanted">After how many of them, the last ones, logits are asked for.</param>
internal readonly record struct CpuInput(CpuSequence Sequence, ReadOnlyMemory<int> Ids, int Wanted);
