namespace Citrus.Research.Clinic;

/// <summary>Exact inference in the clinic's generative model.</summary>
public static class Posterior
{
    /// <summary>
    /// P(disease | department, sex, age, observations): prevalence in the department for that sex and age, times the product over
    /// observations of P(finding | disease) or its complement, normalised over the department's diseases.
    /// </summary>
    /// <remarks>Findings are revealed at random, independently of the disease, so what was not asked carries no information.</remarks>
    public static IReadOnlyDictionary<string, double> Of(Knowledge knowledge, Department department, Sex sex, AgeBand age, IEnumerable<Observation> observations)
    {
        var seen = observations.ToList();
        var logs = department.Diseases.Select(d =>
            Math.Log(d.Prevalence[(sex, age)]) + seen.Sum(o => Math.Log(o.Present
                ? knowledge.Likelihood(d, o.Finding)
                : 1 - knowledge.Likelihood(d, o.Finding)))).ToArray();
        var top = logs.Max();
        var total = logs.Sum(l => Math.Exp(l - top));
        return department.Diseases.Select((d, i) => (d.Id, P: Math.Exp(logs[i] - top) / total)).ToDictionary(x => x.Id, x => x.P);
    }
}
