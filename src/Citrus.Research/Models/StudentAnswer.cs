namespace Citrus.Research.Models;

/// <summary>A student's answer to one prompt.</summary>
/// <param name="Text">What it wrote, turn markers removed.</param>
/// <param name="PromptTokens">Tokens it read.</param>
/// <param name="Tokens">Tokens it wrote, the end marker excluded.</param>
/// <param name="Stopped">Whether it ended by itself; false where the limit cut it.</param>
public sealed record StudentAnswer(string Text, int PromptTokens, int Tokens, bool Stopped)
{
    /// <summary>Why it ended.</summary>
    public GenerationEnd End { get; init; }

    /// <summary>Summed natural log-probability of what it wrote; see <see cref="Generation.LogProbability"/>.</summary>
    public double LogProbability { get; init; }

    /// <summary>Tokens of its thought; what was written of a tag that is several tokens counts.</summary>
    public int ThinkingTokens { get; init; }

    /// <summary>Whether its thought was ended for it at the limit.</summary>
    public bool ThoughtCut { get; init; }
}
