namespace Citrus.Research.Pathways;

/// <summary>One of several next steps that a reasoning expert proposes.</summary>
/// <param name="Answer">Label of the option it commits to (its text, where there are no options); null where it commits to none.</param>
public sealed record Candidate(StepKind Kind, string Text, string? Answer);
