using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>Retells a case as an exam vignette; every fact is a phrase of the knowledge, everything between is chosen at random.</summary>
/// <remarks>The frames around the phrases hold no word that negates and no disease: absent findings carry their own negation.</remarks>
internal sealed class VignetteWriter(Knowledge knowledge)
{
    private static readonly string[] Complaints =
    [
        "{A} comes to the {D} clinic because of {L}.",
        "{A} presents to the {D} service with {L}.",
        "{A} is seen in the {D} department for {L}.",
        "{A} is referred to the {D} clinic on account of {L}.",
        "A general practitioner sends {a} to the {D} clinic because of {L}.",
    ];

    private static readonly string[] Referrals =
    [
        "{A} is referred to the {D} clinic for evaluation.",
        "{A} comes to the {D} clinic for an assessment.",
        "{A} is seen in the {D} department for a consultation.",
    ];

    private static readonly string[] Symptoms =
    [
        "{He} also reports {L}.", "{He} further describes {L}.", "On questioning, {he} mentions {L}.", "The patient adds {L}.", "There is a report of {L}.",
    ];

    private static readonly string[] AbsentSymptoms =
    [
        "{He} reports {L}.", "The review of systems brings up {L}.", "When asked, {he} describes {L}.", "The patient reports {L}.",
    ];

    private static readonly string[] Risks =
    [
        "{His} background includes {L}.", "Personal and social history: {L}.", "{He} gives a history of {L}.", "The interview about habits and family brings out {L}.",
    ];

    private static readonly string[] Contexts =
    [
        "The history is notable for {L}.", "{His} past medical history is significant for {L}.", "The record mentions {L}.", "Of note in the past history is {L}.",
    ];

    private static readonly string[] PlainHistories =
    [
        "The past medical history is unremarkable.", "{His} past medical history is otherwise bland.", "The old records are unremarkable.",
    ];

    private static readonly string[] Signs =
    [
        "Examination shows {L}.", "Physical examination reveals {L}.", "On examination, the clinician finds {L}.", "Vital signs and examination show {L}.",
    ];

    private static readonly string[] Labs =
    [
        "Laboratory studies show {L}.", "Laboratory results include {L}.", "Tests of blood and other samples show {L}.", "The laboratory reports {L}.",
    ];

    private static readonly string[] Imagings =
    [
        "Imaging shows {L}.", "Imaging studies reveal {L}.", "On imaging there is {L}.", "The radiologist describes {L}.",
    ];

    private static readonly string[] Diagnoses =
    [
        "Which of the following is the most likely diagnosis?", "What is the most likely diagnosis?",
        "Which of the following best explains this presentation?", "This patient most likely suffers from which of the following conditions?",
    ];

    private static readonly string[] Tests =
    [
        "Which of the following tests is most appropriate to confirm the diagnosis?", "Which of the following is the best next diagnostic step?",
        "Which of the following studies would establish the diagnosis?", "Which investigation is most likely to confirm the suspected condition?",
    ];

    private static readonly string[] Treatments =
    [
        "Which of the following is the most appropriate treatment?", "Which of the following is the best treatment for this patient?",
        "Which of the following is the most appropriate pharmacotherapy?", "Which therapy should be given to this patient?",
    ];

    private readonly Dictionary<string, (IReadOnlyList<string> Present, IReadOnlyList<string> Absent)> _findings =
        knowledge.Findings.Values.ToDictionary(f => f.Id, f => (Usable(knowledge, f.Present), Usable(knowledge, f.Absent)), StringComparer.Ordinal);

    private readonly Dictionary<string, IReadOnlyList<string>> _contexts =
        knowledge.Contexts.Values.ToDictionary(c => c.Id, c => Usable(knowledge, c.Phrases), StringComparer.Ordinal);

    private readonly Dictionary<string, string> _departments = knowledge.Departments.ToDictionary(d => d.Id, d => d.Name.ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>The stem: complaint first, then history, symptoms, examination, laboratory, imaging, and the question.</summary>
    public string Stem(Case patient, string kind, SeededRandom random)
    {
        string Finding(Observation o) => random.Pick(o.Present ? _findings[o.Finding].Present : _findings[o.Finding].Absent);
        string Fill(string template, IReadOnlyList<string> list) => template
            .Replace("{A}", Person(patient, capital: true), StringComparison.Ordinal)
            .Replace("{a}", Person(patient, capital: false), StringComparison.Ordinal)
            .Replace("{D}", _departments[patient.Department], StringComparison.Ordinal)
            .Replace("{He}", patient.Sex == Sex.Male ? "He" : "She", StringComparison.Ordinal)
            .Replace("{he}", patient.Sex == Sex.Male ? "he" : "she", StringComparison.Ordinal)
            .Replace("{His}", patient.Sex == Sex.Male ? "His" : "Her", StringComparison.Ordinal)
            .Replace("{L}", Join(list, random), StringComparison.Ordinal);

        var byKind = patient.Observations.ToLookup(o => knowledge.Findings[o.Finding].Kind);
        var symptoms = byKind[FindingKind.Symptom].Where(o => o.Present).Select(Finding).ToList();
        var complaint = symptoms.Take(random.Between(1, 2)).ToList();

        var history = new List<string>();
        var risks = byKind[FindingKind.Risk].Select(Finding).ToList();
        if (risks.Count > 0) history.Add(Fill(random.Pick(Risks), risks));
        history.Add(patient.Context is { } c ? Fill(random.Pick(Contexts), [random.Pick(_contexts[c])]) : Fill(random.Pick(PlainHistories), []));
        if (random.Chance(0.5)) history.Reverse();

        var review = new List<string>();
        if (symptoms.Count > complaint.Count) review.Add(Fill(random.Pick(Symptoms), [.. symptoms.Skip(complaint.Count)]));
        var absent = byKind[FindingKind.Symptom].Where(o => !o.Present).Select(Finding).ToList();
        if (absent.Count > 0) review.Add(Fill(random.Pick(AbsentSymptoms), absent));

        List<string> sentences = [complaint.Count > 0 ? Fill(random.Pick(Complaints), complaint) : Fill(random.Pick(Referrals), [])];
        sentences.AddRange(random.Chance(0.5) ? [.. review, .. history] : [.. history, .. review]);
        foreach (var (findings, templates) in new[] { (FindingKind.Sign, Signs), (FindingKind.Lab, Labs), (FindingKind.Imaging, Imagings) })
        {
            var phrases = byKind[findings].Select(Finding).ToList();
            if (phrases.Count > 0) sentences.Add(Fill(random.Pick(templates), phrases));
        }

        sentences.Add(random.Pick(kind switch { QuestionKind.Diagnosis => Diagnoses, QuestionKind.Test => Tests, _ => Treatments }));
        return string.Join(' ', sentences);
    }

    // A phrase that names a disease ("known chronic heart failure" as a history) would give it away, or lead astray; it stays for reading.
    internal static IReadOnlyList<string> Usable(Knowledge knowledge, IReadOnlyList<string> phrases)
    {
        var usable = phrases.Where(p => !knowledge.Diseases.Values.Any(d => DiseaseNames.Names(p, d.Name))).ToList();
        return usable.Count > 0 ? usable : phrases;
    }

    internal static string Person(Case patient, bool capital)
    {
        var years = patient.AgeYears;
        // eight, eleven, eighteen, eighty: the numbers below 100 that begin with a vowel.
        var article = years is 8 or 11 or 18 or (>= 80 and < 90) ? "an" : "a";
        var noun = (patient.Sex, patient.Age) switch
        {
            (Sex.Male, AgeBand.Child) => "boy",
            (Sex.Female, AgeBand.Child) => "girl",
            (Sex.Male, _) => "man",
            _ => "woman",
        };
        return FormattableString.Invariant($"{(capital ? char.ToUpperInvariant(article[0]) + article[1..] : article)} {years}-year-old {noun}");
    }

    internal static string Join(IReadOnlyList<string> list, SeededRandom random) => list.Count switch
    {
        0 => "",
        1 => list[0],
        2 => $"{list[0]} {(random.Chance(0.2) ? "as well as" : "and")} {list[1]}",
        _ => $"{string.Join(", ", list.Take(list.Count - 1))}, and {list[^1]}",
    };
}
