namespace Citrus.Research.Pathways;

/// <summary>What came back.</summary>
/// <param name="Text">The expert's whole message, its thinking apart from it excluded.</param>
/// <param name="TokensIn">Input tokens, where reported.</param>
/// <param name="TokensOut">Output tokens, where reported; a reasoning model's thinking is among them.</param>
/// <param name="Expert">The expert's spec.</param>
public sealed record ExpertReply(string Text, long? TokensIn = null, long? TokensOut = null, string Expert = "")
{
    /// <summary>A reasoning model's thinking: the provider's own field (<c>reasoning_content</c>) or what stood between think tags before the message; null where there was none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What the call cost in US dollars; null where the price is unknown.</summary>
    public double? Cost { get; init; }

    /// <summary>How long the call took, in milliseconds, when it was made; null where nobody measured.</summary>
    public double? Latency { get; init; }

    /// <summary>Whether the reply ended because it reached the token limit.</summary>
    public bool CutOff { get; init; }
}
