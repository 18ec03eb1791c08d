namespace Citrus.Research.Synthesis;

/// <summary>Whether a trace may become training data.</summary>
/// <param name="Kept">Whether it passed every rule.</param>
/// <param name="Reason">The rule it broke, in a few stable words that reports count by; empty where it is kept.</param>
public sealed record VerificationResult(bool Kept, string Reason);
