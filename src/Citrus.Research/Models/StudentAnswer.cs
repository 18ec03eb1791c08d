namespace Citrus.Research.Models;

/// <summary>A student's answer to one prompt.</summary>
/// <param name="Text">What it wrote, turn markers removed.</param>
/// <param name="PromptTokens">Tokens it read.</param>
/// <param name="Tokens">Tokens it wrote, the end marker excluded.</param>
/// <param name="Stopped">Whether it ended by itself; false where the limit cut it.</param>
public sealed record StudentAnswer(string Text, int PromptTokens, int Tokens, bool Stopped);
