namespace Citrus.Research.Clinic;

/// <summary>A disease of the simulated clinic. Ids of other things are resolved through <see cref="Knowledge"/>.</summary>
public sealed record Disease
{
    /// <summary>Also its word in the chart register.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Icd10 { get; init; }

    /// <summary>Id of the department whose patients may have it.</summary>
    public required string Department { get; init; }

    /// <summary>Relative share of the department's attendances, by sex and age band; positive, no unit.</summary>
    public required IReadOnlyDictionary<(Sex Sex, AgeBand Age), double> Prevalence { get; init; }

    /// <summary>P(finding present | disease), 0..1, for the findings the disease speaks about.</summary>
    public required IReadOnlyDictionary<string, double> Findings { get; init; }

    /// <summary>Id of the confirming test; null in a world that has none.</summary>
    public string? Confirm { get; init; }

    /// <summary>Id of the first-line drug; null in a world that has none.</summary>
    public string? FirstLine { get; init; }

    /// <summary>Id of the drug given where the first line is contraindicated.</summary>
    public string? SecondLine { get; init; }

    public IReadOnlyList<string> Complications { get; init; } = [];
}
