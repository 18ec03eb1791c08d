using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>Where cases for consultations come from: the simulated clinic, a file of cases, or a file of questions.</summary>
public static partial class ConsultationCases
{
    private const int MaximumFacts = 500;

    private static readonly string[] Fields = ["id", "age", "sex", "complaint", "facts", "diagnosis", "differential", "department", "language"];

    // The patient knows most of the department's findings, not all, and which it knows does not depend on what it has; what a case tells is never chosen for its clarity,
    // so that the posterior over the whole department is exact.
    private static readonly ExamOptions WholePatients = new()
    {
        Kinds = [QuestionKind.Diagnosis],
        MinimumFindings = 11,
        MaximumFindings = 18,
        MinimumPosterior = 0,
        MinimumMargin = 0,
        CountingAgrees = false,
    };

    /// <summary>Endless simulated patients; take as many as are needed.</summary>
    /// <remarks>
    /// Each knows 11 to 18 findings of its department and up to one from outside, and comes with one of its symptoms, drawn at random. Which symptom a patient mentions says
    /// a little about which others it has; the posterior takes it as any finding that was looked for.
    /// </remarks>
    public static IEnumerable<ConsultationCase> FromClinic(Knowledge knowledge, string split, long seed) =>
        ClinicExam.Generate(knowledge, WholePatients with { OptionCount = Math.Min(4, knowledge.Departments.Min(d => d.Diseases.Count) / 2 * 2) }, split, seed).Select(q => Simulated(knowledge, q.Case));

    /// <summary>The cases of a file: our JSON Lines of cases, or questions in any form that <see cref="QuestionFiles"/> knows.</summary>
    /// <param name="leftOut">Told the id of each question that asks for something other than a diagnosis.</param>
    /// <remarks>
    /// A case: <c>{"id":"c1","age":"54 years","sex":"female","complaint":"I have had chest pain since this morning.","facts":["The pain spreads to the left arm.","No fever."],
    /// "diagnosis":"Myocardial infarction","differential":["Pericarditis"],"department":"cardiology","language":"en"}</c>; id, complaint and facts must be there, diagnosis may be a list, and the language
    /// is seen from the complaint where it is not given. A question becomes a case whose facts are the sentences of its stem without the last, which asks, and whose complaint is the first.
    /// </remarks>
    /// <exception cref="QuestionFormatException">A line cannot be read, or an id comes twice.</exception>
    public static IEnumerable<ConsultationCase> Read(string path, Action<string>? leftOut = null)
    {
        if (path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase) || QuestionLine.Read(path).FirstOrDefault() is not { } first || !first.Fields.Contains("complaint"))
        {
            foreach (var question in QuestionFiles.Read(path))
            {
                if (FromQuestion(question) is { } made) yield return made;
                else leftOut?.Invoke(question.Id);
            }

            yield break;
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in QuestionLine.Read(path))
        {
            var made = FromLine(line);
            if (!seen.TryAdd(made.Id, line.Number)) throw line.Error("id", $"{made.Id} was already in line {seen[made.Id]}; ids are unique.");
            yield return made;
        }
    }

    /// <summary>A question's patient; null where the question asks for something other than a diagnosis.</summary>
    public static ConsultationCase? FromQuestion(Question question)
    {
        var sentences = SentenceEnd().Split(question.Stem.Trim()).Select(s => s.Trim()).Where(s => s.Length > 0).ToList();
        if (sentences.Count < 2 || (question.Kind is not ("" or QuestionKind.Diagnosis)) || !AsksDiagnosis().IsMatch(sentences[^1])) return null;
        var right = question.Answers.Select(question.OptionText).ToList();
        return new ConsultationCase
        {
            Id = question.Id,
            Age = question.Tags.GetValueOrDefault("age", ""),
            Sex = question.Tags.GetValueOrDefault("sex", ""),
            Complaint = string.Join(' ', sentences.TakeWhile((_, i) => i == 0 || HeadLine().IsMatch(sentences[i - 1]))),
            Facts = [.. sentences.Take(sentences.Count - 1)],
            Truth = right,
            Differential = [.. question.Options.Select(o => o.Text).Where(t => !right.Contains(t))],
            Department = question.Tags.GetValueOrDefault("department", ""),
            Language = QuestionLanguage.Of(question),
        };
    }

    private static ConsultationCase FromLine(QuestionLine line)
    {
        if (line.Fields.FirstOrDefault(f => !Fields.Contains(f)) is { } unknown) throw line.Error(unknown, $"unknown field; a case has {string.Join(", ", Fields)}.");
        var complaint = line.Text("complaint");
        var language = line.TryText("language") ?? QuestionLanguage.Of(complaint);
        if (language is not (QuestionLanguage.English or QuestionLanguage.Chinese)) throw line.Error("language", $"{language} is none of {QuestionLanguage.English}, {QuestionLanguage.Chinese}.");
        var facts = Texts(line, "facts");
        return new ConsultationCase
        {
            Id = line.Text("id"),
            Age = line.Try("age", out var age) && age.ValueKind == JsonValueKind.Number ? age.GetRawText() : line.TryText("age") ?? "",
            Sex = line.TryText("sex") ?? "",
            Complaint = complaint,
            Facts = facts.Count > 0 ? facts : throw line.Error("facts", "at least one fact is needed, or the patient could answer nothing."),
            Truth = line.Try("diagnosis", out var truth) && truth.ValueKind == JsonValueKind.String ? [line.Text("diagnosis")] : Texts(line, "diagnosis"),
            Differential = Texts(line, "differential"),
            Department = line.TryText("department") ?? "",
            Language = language,
        };
    }

    private static List<string> Texts(QuestionLine line, string field)
    {
        if (!line.Try(field, out _)) return [];
        var texts = new List<string>();
        foreach (var item in line.Of(field, JsonValueKind.Array).EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(item.GetString())) throw line.Error(field, $"entry {texts.Count + 1} must be a text that is not blank.");
            if (texts.Count == MaximumFacts) throw line.Error(field, $"more than {MaximumFacts} entries.");
            texts.Add(item.GetString()!.Trim());
        }

        return texts;
    }

    private static ConsultationCase Simulated(Knowledge knowledge, Case patient)
    {
        var random = SeededRandom.For(0, "consultation", patient.Id);
        string Phrase(Observation o) => random.Pick(VignetteWriter.Usable(knowledge, o.Present ? knowledge.Findings[o.Finding].Present : knowledge.Findings[o.Finding].Absent));
        var phrases = patient.Observations.Select(o => (Observation: o, Text: Phrase(o))).ToList();
        var symptoms = phrases.Where(p => p.Observation.Present && knowledge.Findings[p.Observation.Finding].Kind == FindingKind.Symptom).ToList();
        var department = knowledge.Departments.First(d => d.Id == patient.Department);
        var disease = knowledge.Diseases[patient.Disease];
        var person = VignetteWriter.Person(patient, capital: false);
        var clinic = department.Name.ToLowerInvariant();
        return new ConsultationCase
        {
            Id = patient.Id,
            Age = patient.AgeYears.ToString(CultureInfo.InvariantCulture) + (patient.AgeYears == 1 ? " year" : " years"),
            Sex = ChartStem.Word(patient.Sex),
            Complaint = symptoms.Count > 0 ? $"I am {person} and come to the {clinic} clinic because of {random.Pick(symptoms).Text}." : $"I am {person} and was referred to the {clinic} clinic.",
            Facts = [.. phrases.Select(p => p.Text)],
            Truth = [disease.Name],
            Differential = [.. department.Diseases.Where(d => d != disease).Select(d => d.Name)],
            Department = department.Name,
            Simulated = patient,
        };
    }

    [GeneratedRegex(@"(?<=[.?!][""')]*)\s+(?=\p{Lu})|(?<=[。！？])|\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^患者?(年龄|性别)：|^(age|sex):", RegexOptions.IgnoreCase)]
    private static partial Regex HeadLine();

    [GeneratedRegex(@"diagnos|explain|condition|suffer|disease|disorder|cause of|诊断|疾病|病因", RegexOptions.IgnoreCase)]
    private static partial Regex AsksDiagnosis();
}
