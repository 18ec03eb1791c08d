namespace Citrus.Research.Clinic;

/// <summary>How a clinician without a calculator compares hypotheses: by counting what speaks against each.</summary>
public static class Fit
{
    /// <summary>
    /// Whether an observation fits a disease: present and P(finding | disease) at least one half, or absent and below one half.
    /// A convention that can be written as one sign, not the evidence itself: of the signs about a question's three best hypotheses, some 7% are about distractors, which tell nothing, and under 3%
    /// point against the likelihood ratio.
    /// </summary>
    public static bool Fits(Knowledge knowledge, Disease disease, Observation observation) =>
        observation.Present == knowledge.Likelihood(disease, observation.Finding) >= 0.5;

    /// <summary>How many observations speak against the disease.</summary>
    public static int Against(Knowledge knowledge, Disease disease, IEnumerable<Observation> observations) =>
        observations.Count(o => !Fits(knowledge, disease, o));

    /// <summary>
    /// The hypotheses from best to worst: fewest observations against, then the higher prevalence for that sex and age, then id.
    /// </summary>
    public static IReadOnlyList<(Disease Disease, int Against)> Rank(
        Knowledge knowledge, IEnumerable<Disease> hypotheses, Sex sex, AgeBand age, IReadOnlyCollection<Observation> observations) =>
        [.. hypotheses
            .Select(d => (Disease: d, Against: Against(knowledge, d, observations)))
            .OrderBy(x => x.Against)
            .ThenByDescending(x => x.Disease.Prevalence[(sex, age)])
            .ThenBy(x => x.Disease.Id, StringComparer.Ordinal)];
}
