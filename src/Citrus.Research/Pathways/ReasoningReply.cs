namespace Citrus.Research.Pathways;

/// <summary>What a reasoning expert replied: thoughts, perhaps an answer, or that it abstains.</summary>
/// <param name="Steps">Kind and text of each thought, in order; may be empty.</param>
/// <param name="Answer">Label of the option it commits to; null where it does not.</param>
/// <param name="Abstains">Why it will not answer; null where it does.</param>
public sealed record ReasoningReply(IReadOnlyList<(StepKind Kind, string Text)> Steps, string? Answer, string? Abstains);
