namespace Citrus.Research.Pathways;

/// <summary>What came back.</summary>
/// <param name="Text">The expert's whole message.</param>
/// <param name="TokensIn">Input tokens, where reported.</param>
/// <param name="TokensOut">Output tokens, where reported.</param>
/// <param name="Expert">The expert's spec.</param>
public sealed record ExpertReply(string Text, long? TokensIn = null, long? TokensOut = null, string Expert = "");
