using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>A question as the clinician understands its text: the patient, what is asked, and which illnesses come into question.</summary>
internal sealed class ClinicianPatient
{
    private readonly Knowledge _knowledge;
    private readonly Dictionary<string, double> _posterior;

    private ClinicianPatient(
        Knowledge knowledge, string text, Register register, Recognised seen, string kind, IReadOnlyList<(string Label, string Text, string? Id)> options, IReadOnlyList<Disease> pool)
    {
        (_knowledge, Text, Register, Seen, Kind, Options, Pool) = (knowledge, text, register, seen, kind, options, pool);
        (Sex, Age) = (seen.Sex ?? Sex.Male, seen.Age ?? AgeBand.Middle);
        _posterior = Weigh(pool, seen.Observations, withPrevalence: true);
        Best = Pool.Count == 0 ? null : Top(_posterior);
        // Weighed are the three that the least speaks against, in the order of the knowledge, so that their place gives nothing away.
        var best = Fit.Rank(knowledge, pool, Sex, Age, [.. seen.Observations]).Take(3).Select(r => r.Disease).ToList();
        if (Best is not null && !best.Contains(Best)) best[^1] = Best;
        Considered = [.. pool.Where(best.Contains)];
    }

    /// <summary>The question as it was read.</summary>
    public string Text { get; }

    public Register Register { get; }

    public Recognised Seen { get; }

    public string Kind { get; }

    public Sex Sex { get; }

    public AgeBand Age { get; }

    public IReadOnlyList<Observation> Observations => Seen.Observations;

    public IReadOnlyList<string> Contexts => Seen.Contexts;

    /// <summary>Each option's label, text, and the id it names in the knowledge, or null.</summary>
    public IReadOnlyList<(string Label, string Text, string? Id)> Options { get; }

    /// <summary>The illnesses that come into question, in the order of the knowledge.</summary>
    public IReadOnlyList<Disease> Pool { get; }

    /// <summary>The most likely of the pool by the exact posterior; null where the pool is empty.</summary>
    public Disease? Best { get; }

    /// <summary>The up to three illnesses worth weighing.</summary>
    public IReadOnlyList<Disease> Considered { get; }

    public int Against(Disease disease) => Fit.Against(_knowledge, disease, Observations);

    /// <summary>The label of the option that names it; its name, where the question has no options. Null where no option names it.</summary>
    public string? LabelOf(string? id) => id is null ? null : Options.Count == 0 ? NameOf(id) : Options.FirstOrDefault(o => o.Id == id).Label;

    private string NameOf(string id) => Register == Register.Chart ? id
        : _knowledge.Diseases.TryGetValue(id, out var disease) ? disease.Name
        : _knowledge.Tests.TryGetValue(id, out var test) ? test.Name : _knowledge.Drugs[id].Name;

    /// <summary>The pool's posterior as someone sees it who heeds only some observations, or no prevalence.</summary>
    public Dictionary<string, double> Weigh(IReadOnlyList<Disease> pool, IReadOnlyList<Observation> heeded, bool withPrevalence)
    {
        if (pool.Count == 0) return [];
        var frame = new Department("", "", "", withPrevalence ? pool : [.. pool.Select(Levelled)], []);
        return new(Posterior.Of(_knowledge, frame, Sex, Age, heeded), StringComparer.Ordinal);
    }

    /// <summary>The disease of largest weight; the earlier one of the knowledge where weights tie.</summary>
    public Disease Top(Dictionary<string, double> weights) => Pool.MaxBy(d => weights.GetValueOrDefault(d.Id, -1))!;

    /// <param name="text">A question in either register, options below it.</param>
    public static ClinicianPatient Read(Knowledge knowledge, FindingRecogniser recogniser, string text)
    {
        text = text.Trim();
        var chart = text.StartsWith("dept ", StringComparison.Ordinal);
        var seen = recogniser.Read(text);
        var options = (chart ? ChartOptions(text) : ProseOptions(text)).ConvertAll(o => (o.Label, o.Text, Id: recogniser.Resolve(o.Text)));
        var ids = options.Where(o => o.Id is not null).Select(o => o.Id!).ToHashSet(StringComparer.Ordinal);
        var kind = ids.Any(knowledge.Diseases.ContainsKey) ? QuestionKind.Diagnosis
            : ids.Any(knowledge.Tests.ContainsKey) ? QuestionKind.Test
            : ids.Any(knowledge.Drugs.ContainsKey) ? QuestionKind.Treatment
            : seen.Kind ?? QuestionKind.Diagnosis;
        var diseases = knowledge.Departments.SelectMany(d => d.Diseases).ToList();
        // A department that is named frames the patient; in text from elsewhere, the options do.
        var named = diseases.Where(d => d.Confirm is { } t && ids.Contains(t) || d.FirstLine is { } f && ids.Contains(f) || d.SecondLine is { } s && ids.Contains(s)).ToList();
        var department = seen.Department is { } known && (named.Count == 0 || named.Any(d => d.Department == known)) ? known : null;
        IEnumerable<Disease> pool = kind == QuestionKind.Diagnosis && ids.Count > 0 ? diseases.Where(d => ids.Contains(d.Id))
            : department is not null ? diseases.Where(d => d.Department == department)
            : named;
        return new ClinicianPatient(knowledge, text, chart ? Register.Chart : Register.Vignette, seen, kind, options, [.. pool]);
    }

    private static Disease Levelled(Disease disease) => disease with { Prevalence = disease.Prevalence.ToDictionary(p => p.Key, _ => 1.0) };

    private static List<(string Label, string Text)> ChartOptions(string text)
    {
        var at = text.IndexOf(" ? ", StringComparison.Ordinal);
        if (at < 0) return [];
        var words = text[(at + 3)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        // Label before text, or text before label: whichever the first word says.
        var labelFirst = words.Length > 0 && ChartWords.Labels.Contains(words[0]);
        var options = new List<(string, string)>();
        for (var i = 0; i + 1 < words.Length; i += 2) options.Add(labelFirst ? (words[i], words[i + 1]) : (words[i + 1], words[i]));
        return options;
    }

    private static List<(string Label, string Text)> ProseOptions(string text)
    {
        var options = new List<(string, string)>();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim().TrimStart('(');
            if (line.Length > 2 && line[0] is >= 'A' and <= 'J' && line[1] is ('.' or ')' or ':')) options.Add((line[..1], line[2..].Trim()));
        }

        return options;
    }
}
