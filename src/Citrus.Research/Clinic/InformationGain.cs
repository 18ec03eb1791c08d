namespace Citrus.Research.Clinic;

/// <summary>What an answer would tell: entropies of the exact posterior, in nats.</summary>
public static class InformationGain
{
    /// <summary>Entropy of a distribution, in nats.</summary>
    public static double Entropy(IEnumerable<double> distribution) => -distribution.Sum(p => p > 0 ? p * Math.Log(p) : 0);

    /// <summary>
    /// By how much knowing whether a finding is present lowers the entropy over the department's diseases, on average over both answers; 0 or more, in nats.
    /// </summary>
    public static double Of(Knowledge knowledge, Department department, Sex sex, AgeBand age, IReadOnlyList<Observation> observations, string finding)
    {
        var now = Posterior.Of(knowledge, department, sex, age, observations);
        var present = department.Diseases.Sum(d => now[d.Id] * knowledge.Likelihood(d, finding));
        double After(bool answer) => Entropy(Posterior.Of(knowledge, department, sex, age, [.. observations, new Observation(finding, answer)]).Values);
        var expected = (present > 0 ? present * After(true) : 0) + (present < 1 ? (1 - present) * After(false) : 0);
        return Math.Max(0, Entropy(now.Values) - expected);
    }
}
