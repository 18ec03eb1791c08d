namespace Citrus.Research.Experts;

/// <summary>How likely a continuation is.</summary>
/// <param name="LogProbability">Sum over the continuation's tokens of ln P(token | everything before it), in nats; 0 or less.</param>
/// <param name="Tokens">How many tokens the sum runs over, so that a caller may divide.</param>
public readonly record struct ContinuationScore(double LogProbability, int Tokens)
{
    /// <summary>Mean log-probability per token, in nats; 0 for an empty continuation.</summary>
    public double PerToken => Tokens == 0 ? 0 : LogProbability / Tokens;
}
