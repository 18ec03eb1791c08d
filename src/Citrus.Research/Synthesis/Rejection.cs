namespace Citrus.Research.Synthesis;

/// <summary>Why a question gave no example; a line of <c>rejected.jsonl</c>.</summary>
/// <param name="Question">Id of the question.</param>
/// <param name="Stage">reason, verify, narrate or filter.</param>
/// <param name="Reason">In a few stable words that the card counts by.</param>
/// <param name="Detail">What was found, for the person who looks into it.</param>
public sealed record Rejection(string Question, string Stage, string Reason, string Detail);
