namespace Citrus.Research.Pathways;

/// <summary>What a reasoning expert replied to a request for alternatives.</summary>
/// <param name="Candidates">Different next steps, the favourite first; empty only where it abstains.</param>
/// <param name="Abstains">Why it will not go on; null where it does.</param>
public sealed record BranchReply(IReadOnlyList<Candidate> Candidates, string? Abstains);
