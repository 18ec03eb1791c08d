namespace Citrus.Research.Synthesis;

/// <summary>A case that gave no usable consultation; one line of <c>problems.jsonl</c>.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Cause">What happened, for the person who can mend it.</param>
/// <param name="Fault">The fault of the call that failed, e.g. <c>Timeout</c>; null where the replies themselves were unusable.</param>
public sealed record ConsultationProblem(string Case, string Cause, string? Fault);
