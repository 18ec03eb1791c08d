namespace Citrus.Research.Clinic;

/// <summary>What could be read from a text about a patient.</summary>
public sealed record Recognised
{
    /// <summary>Findings said to be present or absent, in the order of the text (in a chart the present ones first); the first mention of a finding counts.</summary>
    public required IReadOnlyList<Observation> Observations { get; init; }

    /// <summary>Ids of contexts, in the order of the text.</summary>
    public required IReadOnlyList<string> Contexts { get; init; }

    public Sex? Sex { get; init; }

    /// <summary>Age in completed years, where it is told; a chart tells the band only.</summary>
    public int? AgeYears { get; init; }

    public AgeBand? Age { get; init; }

    /// <summary>Id of the department named, or null.</summary>
    public string? Department { get; init; }

    /// <summary>What is asked for (see <see cref="QuestionKind"/>), or null where the last sentence does not say.</summary>
    public string? Kind { get; init; }
}
