using System.Globalization;
using System.Text.RegularExpressions;
using Citrus.Research.Experts;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>
/// The clinician as doctor: reads the complaint and the dialogue, weighs the department's diseases by the exact posterior, and asks for the finding that would
/// lower its entropy most, or concludes.
/// </summary>
internal sealed partial class ClinicianDoctor
{
    private readonly Knowledge _knowledge;
    private readonly FindingRecogniser _recogniser;
    private readonly Dictionary<string, IReadOnlyList<string>> _questions = new(StringComparer.Ordinal);

    public ClinicianDoctor(Knowledge knowledge, FindingRecogniser recogniser)
    {
        (_knowledge, _recogniser) = (knowledge, recogniser);
        // Only a question that is read back as asking for this one finding will do.
        foreach (var finding in knowledge.Findings.Values)
        {
            var phrases = VignetteWriter.Usable(knowledge, finding.Present);
            // A number would ask for one value; where every phrase has one, so be it.
            var plain = phrases.Where(p => !p.Any(char.IsDigit)).ToList();
            if (plain.Count == 0) plain = [.. phrases];
            var two = plain.SelectMany(a => plain.Where(b => b != a).Select(b => $"{a}, {b}"));
            _questions[finding.Id] = [.. (plain.Count > 1 ? two : plain.Append(finding.Id.Replace('_', ' ')))
                .SelectMany(p => Frames(finding.Kind).Select(f => string.Format(CultureInfo.InvariantCulture, f, p))).Where(q => Asks(q, finding.Id))];
        }
    }

    /// <summary>The reply to a prompt of sections <c>complaint</c>, <c>dialogue</c> and <c>left</c>, as the value of each field; null instead of fields where it abstains.</summary>
    public (string? Ask, string? Diagnosis, string? Summary, string? Abstain) Reply(string text, ConsultingHabits habits)
    {
        var complaint = PromptText.Section(text, "complaint") ?? "";
        var dialogue = PromptText.Section(text, "dialogue") ?? "";
        if (QuestionLanguage.Of(complaint + dialogue) == QuestionLanguage.Chinese) return (null, null, null, "I speak English only; give a doctor that speaks Chinese.");
        var reading = ConsultationReading.Read(_knowledge, _recogniser, complaint, DialogueText.Read(dialogue));
        if (reading.Department is not { } department)
            return (null, null, null, $"the complaint names no department of this clinic; it has {string.Join(", ", _knowledge.Departments.Select(d => d.Name.ToLowerInvariant()))}.");
        var posterior = Posterior.Of(_knowledge, department, reading.Sex, reading.Age, reading.Observations);
        var best = department.Diseases.MaxBy(d => posterior[d.Id])!;
        if (posterior[best.Id] < habits.Certain && Left(text) > 0 && Choose(reading, department, habits, complaint) is { } finding)
            return (SeededRandom.For(habits.Seed, "ask", complaint, finding).Pick(_questions[finding]), null, null, null);
        return (null, best.Name, Summary(reading, department), null);
    }

    /// <summary>Which finding to ask for; null where nothing is worth asking.</summary>
    public string? Choose(ConsultationReading reading, Department department, ConsultingHabits habits, string complaint)
    {
        var known = reading.Observations.Select(o => o.Finding).ToHashSet(StringComparer.Ordinal);
        var open = department.Panel.Where(f => !known.Contains(f) && !reading.Asked.Contains(f) && _questions[f].Count > 0).ToList();
        var gains = open.ConvertAll(f => InformationGain.Of(_knowledge, department, reading.Sex, reading.Age, reading.Observations, f));
        if (gains.Count == 0 || gains.Max() <= habits.Worth) return null;
        if (habits.Asks != ConsultingHabits.AtRandom) return open[gains.IndexOf(gains.Max())];
        var order = SeededRandom.For(habits.Seed, "order", complaint).Sample(department.Panel, department.Panel.Count);
        return order.First(open.Contains);
    }

    private string Summary(ConsultationReading reading, Department department)
    {
        var who = (reading.Sex, reading.Age) switch { (Sex.Male, AgeBand.Child) => "boy", (Sex.Female, AgeBand.Child) => "girl", (Sex.Male, _) => "man", _ => "woman" };
        var years = reading.Opening.AgeYears is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n}-year-old ") : "";
        string Sentence(string start, bool present, params ReadOnlySpan<FindingKind> kinds)
        {
            var phrases = new List<string>();
            foreach (var o in reading.Observations)
                if (o.Present == present && kinds.Contains(_knowledge.Findings[o.Finding].Kind)) phrases.Add(reading.Words[o.Finding]);
            return phrases.Count == 0 ? "" : $" {start} {VignetteWriter.Join(phrases, SeededRandom.For(0, "join"))}.";
        }

        var name = department.Name.ToLowerInvariant();
        return $"{(years.StartsWith('8') || years.StartsWith("11", StringComparison.Ordinal) || years.StartsWith("18", StringComparison.Ordinal) ? "An" : "A")} {years}{who} in the {name} clinic."
            + Sentence("The patient reports", true, FindingKind.Symptom)
            + Sentence("Asked about further symptoms, the patient describes", false, FindingKind.Symptom)
            + Sentence("The history includes", true, FindingKind.Risk) + Sentence("The history tells of", false, FindingKind.Risk)
            + Sentence("Examination and tests show", true, FindingKind.Sign, FindingKind.Lab, FindingKind.Imaging)
            + Sentence("Unremarkable:", false, FindingKind.Sign, FindingKind.Lab, FindingKind.Imaging);
    }

    private static string[] Frames(FindingKind kind) => kind switch
    {
        FindingKind.Symptom => ["Have you noticed {0} or anything of the kind?", "Are you troubled by {0} or anything like it?", "Have you been bothered by {0} or anything similar?"],
        FindingKind.Sign => ["Did the examination show {0} or anything of the kind?", "Did whoever examined you find {0} or anything like it?"],
        FindingKind.Lab => ["Did the laboratory report {0} or anything of the kind?", "Among your laboratory results, were you told of {0} or anything like it?"],
        FindingKind.Imaging => ["Did imaging show {0} or anything of the kind?", "Do the images show {0} or anything like it?"],
        _ => ["Does your history include {0} or anything of the kind?", "Is there, in your history, {0} or anything like it?"],
    };

    private bool Asks(string question, string finding) => _recogniser.Read(question).Observations is [{ Present: true } only] && only.Finding == finding;

    private static int Left(string text) => Number().Match(PromptText.Section(text, "left") ?? "") is { Success: true } n ? int.Parse(n.Value, CultureInfo.InvariantCulture) : 1;

    [GeneratedRegex(@"\d{1,6}")]
    private static partial Regex Number();
}
