namespace Citrus.Research.Clinic;

/// <summary>The simulated clinic's exam: cases sampled from the knowledge, asked about in two registers.</summary>
public static class ClinicExam
{
    /// <summary>An endless stream of questions, generated as they are taken; take as many as are needed.</summary>
    /// <param name="split">One of <see cref="ExamSplit.All"/>.</param>
    /// <param name="seed">Same knowledge, options, split and seed: the same questions, byte for byte. Question i does not depend on how many are taken.</param>
    /// <remarks>
    /// A case: department, sex and age band at random; disease by its prevalence for that sex and age; 5 to 8 findings of the department's panel chosen
    /// without regard to the disease, each present with P(finding | disease); a distractor from outside the panel at its background rate; at most one
    /// context, by its frequency. Treatment questions choose the context otherwise: half of the cases get one that forbids the first-line drug.
    /// </remarks>
    /// <exception cref="ArgumentException">An option or the split is not possible in this world; the message says which.</exception>
    /// <exception cref="InvalidOperationException">While enumerating: the options leave practically no question.</exception>
    public static IEnumerable<ClinicQuestion> Generate(Knowledge knowledge, ExamOptions options, string split, long seed)
    {
        options.Check(knowledge);
        if (!ExamSplit.All.Contains(split)) throw new ArgumentException($"Unknown split {split}; choose from {string.Join(", ", ExamSplit.All)}.", nameof(split));
        return All(new ExamSampler(knowledge, options, split, seed));
    }

    private static IEnumerable<ClinicQuestion> All(ExamSampler sampler)
    {
        for (var index = 0; ; index++) yield return sampler.Question(index);
    }
}
