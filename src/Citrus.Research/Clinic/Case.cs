namespace Citrus.Research.Clinic;

/// <summary>A simulated patient: the truth and everything the question may tell.</summary>
public sealed record Case
{
    public required string Id { get; init; }
    public required string Department { get; init; }

    /// <summary>The truth.</summary>
    public required string Disease { get; init; }

    public required Sex Sex { get; init; }
    public required int AgeYears { get; init; }

    /// <summary>What was looked for, in the order it is told; distractors (equally likely in every disease) included.</summary>
    public required IReadOnlyList<Observation> Observations { get; init; }

    /// <summary>The context the patient has (at most one), or null.</summary>
    public string? Context { get; init; }

    public AgeBand Age => AgeYears switch { < 18 => AgeBand.Child, < 40 => AgeBand.Young, < 65 => AgeBand.Middle, _ => AgeBand.Old };
}
