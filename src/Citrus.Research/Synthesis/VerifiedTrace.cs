namespace Citrus.Research.Synthesis;

/// <summary>Whether a question's trace ends right; a line of <c>verified.jsonl</c>.</summary>
public sealed record VerifiedTrace : IStageRecord
{
    public required string Question { get; init; }

    public required string Inputs { get; init; }

    public required bool Kept { get; init; }

    /// <summary>The rule it broke, one of <see cref="Verification"/>'s; empty where it is kept.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How it was decided: <c>label</c>, <c>text</c> (the same words) or <c>checker</c>; empty where the trace has no answer.</summary>
    public string By { get; init; } = "";

    /// <summary>What the checker said; null where it was not asked.</summary>
    public string? Said { get; init; }

    public ExpertUse Use { get; init; } = ExpertUse.None;
}
