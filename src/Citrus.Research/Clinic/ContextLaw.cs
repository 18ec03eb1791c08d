using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>P(context | ...) of a case, at most one context, null for none.</summary>
internal sealed class ContextLaw
{
    private readonly List<(string? Context, double P)> _law;

    private ContextLaw(List<(string?, double)> law) => _law = law;

    /// <summary>Diagnosis and test questions: every context by its frequency, whatever the disease.</summary>
    public static ContextLaw ByFrequency(Knowledge knowledge, Sex sex, AgeBand age)
    {
        var law = Eligible(knowledge, sex, age).Select(c => ((string?)c.Id, c.Frequency)).ToList();
        var some = law.Sum(x => x.Frequency);
        // Frequencies are those of single contexts; where they fill more than everyone, they are shares.
        if (some > 1) law = [.. law.Select(x => (x.Item1, x.Frequency / some))];
        law.Add((null, Math.Max(0, 1 - some)));
        return new(law);
    }

    /// <summary>
    /// Treatment questions: with the contraindicated share one of the first-line drug's contexts, else a harmless one or none; each group uniform,
    /// pairs that the split may not hold left out.
    /// </summary>
    public static ContextLaw ForTreatment(Knowledge knowledge, Disease disease, Sex sex, AgeBand age, ExamOptions options, HeldOutPairs held, string split)
    {
        var avoid = knowledge.Drugs[disease.FirstLine!].Avoid;
        var allowed = Eligible(knowledge, sex, age).Where(c => held.Allowed(split, disease.Id, c.Id)).Select(c => c.Id).ToList();
        var forbidding = allowed.Where(c => avoid.Contains(c)).ToList();
        var harmless = allowed.Where(c => !avoid.Contains(c)).ToList();
        var contraindicated = forbidding.Count == 0 ? 0 : options.ContraindicatedShare;
        var none = harmless.Count == 0 ? 1 : options.NoContextShare;
        return new([
            .. forbidding.Select(c => ((string?)c, contraindicated / forbidding.Count)),
            .. harmless.Select(c => ((string?)c, (1 - contraindicated) * (1 - none) / harmless.Count)),
            (null, (1 - contraindicated) * none),
        ]);
    }

    public double P(string? context)
    {
        foreach (var (c, p) in _law)
        {
            if (c == context) return p;
        }

        return 0;
    }

    public string? Sample(SeededRandom random)
    {
        var x = random.NextDouble();
        foreach (var (context, p) in _law)
        {
            x -= p;
            if (x < 0) return context;
        }

        return null;
    }

    // File order of the knowledge is not kept by a dictionary's contract, so ids are sorted.
    private static IEnumerable<Context> Eligible(Knowledge knowledge, Sex sex, AgeBand age) =>
        knowledge.Contexts.Values
            .Where(c => (c.Sex is null || c.Sex == sex) && (c.Ages.Count == 0 || c.Ages.Contains(age)))
            .OrderBy(c => c.Id, StringComparer.Ordinal);
}
