using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>Paragraphs of a textbook in plain English.</summary>
internal sealed class TextbookProse(Knowledge knowledge)
{
    private static readonly string[] Openings =
    [
        "{N} is a condition of the {S} system, seen in {D}.", "{N} belongs to {D}; it affects the {S} system.", "In {D}, {n} is a diagnosis to keep in mind.",
    ];

    private static readonly string[] Typical =
    [
        "It typically shows itself by {L}.", "Patients usually have {L}.", "Its hallmarks are {L}.", "Expect {L}.",
    ];

    private static readonly string[] Untypical =
    [
        "What speaks against it: {L}.", "It is rarely accompanied by {L}.", "Uncommon in this condition: {L}.", "Look for another explanation in the case of {L}.",
    ];

    private static readonly string[] Tests = ["The diagnosis is confirmed by {L}.", "{l} settles the diagnosis.", "The confirming test is {L}."];

    private static readonly string[] Complications = ["Complications include {L}.", "Feared consequences are {L}.", "Untreated, it may lead to {L}."];

    public string Disease(Department department, Disease disease, SeededRandom random)
    {
        var sentences = new List<string>
        {
            random.Pick(Openings)
                .Replace("{N}", Capital(disease.Name), StringComparison.Ordinal)
                .Replace("{n}", Small(disease.Name), StringComparison.Ordinal)
                .Replace("{S}", department.System, StringComparison.Ordinal)
                .Replace("{D}", Small(department.Name), StringComparison.Ordinal),
        };
        if (Peak(disease) is { } peak) sentences.Add(peak);

        var panel = random.Sample(department.Panel, department.Panel.Count);
        // By how a finding becomes known: complaints, then signs, laboratory and imaging, as a textbook orders them.
        var typical = panel.Where(f => knowledge.Likelihood(disease, f) >= 0.5).OrderBy(f => knowledge.Findings[f].Kind).Select(f => random.Pick(knowledge.Findings[f].Present)).ToList();
        if (typical.Count > 0) sentences.Add(Fill(random.Pick(Typical), typical, random));
        var untypical = panel.Where(f => knowledge.Likelihood(disease, f) < 0.5).Take(random.Between(2, 4)).Select(f => random.Pick(knowledge.Findings[f].Present)).ToList();
        if (untypical.Count > 0) sentences.Add(Fill(random.Pick(Untypical), untypical, random));

        if (disease.Confirm is { } test) sentences.Add(Fill(random.Pick(Tests), [knowledge.Tests[test].Name], random));
        if (disease.FirstLine is { } first && disease.SecondLine is { } second)
        {
            var drug = knowledge.Drugs[first];
            sentences.Add($"First-line treatment is {Small(drug.Name)}.");
            sentences.Add(drug.Avoid.Count > 0
                ? $"It must be avoided in patients with {Join(Phrases(drug, random), random, "or")}; they are given {Small(knowledge.Drugs[second].Name)} instead."
                : $"The alternative is {Small(knowledge.Drugs[second].Name)}.");
        }

        if (disease.Complications.Count > 0) sentences.Add(Fill(random.Pick(Complications), disease.Complications, random));
        return string.Join(' ', sentences);
    }

    public string Drug(Drug drug, Disease disease, bool isFirst, SeededRandom random)
    {
        var use = isFirst
            ? $"is the first choice in {Small(disease.Name)}."
            : $"is given in {Small(disease.Name)} where the first choice is contraindicated.";
        var avoid = drug.Avoid.Count == 0
            ? "No contraindication among the usual histories speaks against it."
            : random.Pick(["It is contraindicated in patients with {L}.", "Do not give it to anyone with {L}.", "A history of {L} forbids it."])
                .Replace("{L}", Join(Phrases(drug, random), random, "or"), StringComparison.Ordinal);
        return $"{Capital(drug.Name)} ({drug.Class}) {use} {avoid}";
    }

    private List<string> Phrases(Drug drug, SeededRandom random) =>
        random.Sample(drug.Avoid, drug.Avoid.Count).ConvertAll(c => random.Pick(knowledge.Contexts[c].Phrases));

    private static string? Peak(Disease disease)
    {
        var most = disease.Prevalence.Values.Max();
        var peaks = disease.Prevalence.Where(p => p.Value >= 0.999 * most).Select(p => p.Key).ToList();
        if (peaks.Count == disease.Prevalence.Count) return null;
        var (sex, age) = peaks.OrderBy(p => p.Sex).ThenBy(p => p.Age).First();
        var who = age switch { AgeBand.Child => "children", AgeBand.Young => "young adults", AgeBand.Middle => "middle age", _ => "old age" };
        var ratio = disease.Prevalence[(sex, age)] / disease.Prevalence[(1 - sex, age)];
        var whom = ratio < 1.5 ? "" : sex == Sex.Male ? ", more often in the male" : ", more often in the female";
        return $"It is most frequent in {who}{whom}.";
    }

    private static string Fill(string template, IReadOnlyList<string> list, SeededRandom random) => template
        .Replace("{L}", template.Contains("test", StringComparison.Ordinal) || template.Contains("confirmed", StringComparison.Ordinal) ? Small(list[0]) : Join(list, random, "and"), StringComparison.Ordinal)
        .Replace("{l}", Capital(list[0]), StringComparison.Ordinal);

    private static string Join(IReadOnlyList<string> list, SeededRandom random, string last) => list.Count switch
    {
        1 => list[0],
        2 => $"{list[0]} {last} {list[1]}",
        _ => $"{string.Join(", ", list.Take(list.Count - 1))}, {last} {list[^1]}",
    };

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    // "Acute pericarditis" within a sentence, but "CT angiography" and "H. pylori" as they are.
    private static string Small(string name) =>
        name.Length > 1 && char.IsUpper(name[0]) && char.IsLower(name[1]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
}
