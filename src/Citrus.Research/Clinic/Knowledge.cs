namespace Citrus.Research.Clinic;

/// <summary>All that a world knows: departments, diseases, findings, tests, drugs and contexts, by id.</summary>
public sealed record Knowledge
{
    /// <summary>Name of the world, e.g. <c>clinic</c> or <c>ddxplus</c>.</summary>
    public required string World { get; init; }

    public required IReadOnlyList<Department> Departments { get; init; }
    public required IReadOnlyDictionary<string, Disease> Diseases { get; init; }
    public required IReadOnlyDictionary<string, Finding> Findings { get; init; }
    public required IReadOnlyDictionary<string, ConfirmingTest> Tests { get; init; }
    public required IReadOnlyDictionary<string, Drug> Drugs { get; init; }
    public required IReadOnlyDictionary<string, Context> Contexts { get; init; }

    /// <summary>P(finding present | disease): what the disease says, else the finding's background.</summary>
    public double Likelihood(Disease disease, string finding) =>
        disease.Findings.TryGetValue(finding, out var p) ? p : Findings[finding].Background;

    /// <summary>The drug that is right for this disease in a patient with these contexts: first line unless contraindicated.</summary>
    public string RightDrug(Disease disease, IEnumerable<string> contexts) =>
        contexts.Any(c => Drugs[disease.FirstLine!].Avoid.Contains(c)) ? disease.SecondLine! : disease.FirstLine!;
}
