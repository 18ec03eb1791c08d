namespace Citrus.Research.Clinic;

/// <summary>A claim held against the question and the knowledge.</summary>
/// <param name="Holds">Whether it is true.</param>
/// <param name="Reason">What is wrong with it; empty where it holds.</param>
public sealed record ClaimVerdict(Claim Claim, bool Holds, string Reason);
