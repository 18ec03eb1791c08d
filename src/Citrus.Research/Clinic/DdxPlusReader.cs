using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Citrus.Research.Clinic;

/// <summary>
/// A second world from outside: the published conditions and evidences of DDXPlus (Fansi Tchango et al., 2022, CC BY 4.0), with the probabilities that the
/// project medical-triage-moc (MIT) counted over its patients. Diagnosis questions only: DDXPlus has no tests, drugs or contexts.
/// </summary>
/// <remarks>
/// Findings are the evidences with a yes or no (<c>data_type</c> B, 208 of 223); categorical and multiple-choice ones (where the pain is, how the rash looks)
/// are left out, for the counts only say that they were given some value, and so are those that name a condition ("Have you ever had a pericarditis?"). Probabilities are clamped to 0.01..0.99. Departments are the derived
/// specialties; one with more than seven conditions is cut, in the order of ICD-10 codes, into parts as equal as possible. A department's panel has up
/// to 18 findings, chosen greedily so that every two of its conditions differ by 0.3 or more in as many as possible, at least up to five. Prevalence is the number of patients
/// with the condition, the same for every sex and age, since the counts tell no more. The background of a finding is its share among all patients.
/// </remarks>
public static partial class DdxPlusReader
{
    private const int LargestDepartment = 7;
    private const int PanelSize = 18;
    private const int WantedDifferences = 5;
    private const string ConditionsFile = "release_conditions.json";
    private const string EvidencesFile = "release_evidences.json";
    private const string CountsFile = "derived/symptom_condition_probs.json";
    private const string ModelFile = "derived/condition_model.json";

    /// <summary>Reads <c>release_conditions.json</c>, <c>release_evidences.json</c>, <c>derived/symptom_condition_probs.json</c> and <c>derived/condition_model.json</c>.</summary>
    /// <exception cref="FileNotFoundException">One of them is missing.</exception>
    /// <exception cref="KnowledgeException">They are no JSON, do not belong together, or hold a value that cannot be.</exception>
    public static Knowledge Read(string dir)
    {
        var notes = new KnowledgeNotes();
        using var conditions = Json(dir, ConditionsFile);
        using var evidences = Json(dir, EvidencesFile);
        using var counts = Json(dir, CountsFile);
        using var model = Json(dir, ModelFile);
        try
        {
            var names = conditions.RootElement.EnumerateObject().Select(c => c.Name).ToList();
            var binary = evidences.RootElement.EnumerateObject()
                .Where(e => e.Value.GetProperty("data_type").GetString() == "B" && !names.Any(n => DiseaseNames.Names(e.Value.GetProperty("question_en").GetString()!, n)))
                .ToList();
            var codes = binary.ConvertAll(e => e.Name);
            var table = Table(counts.RootElement, conditions.RootElement, codes, notes);
            var specialties = Specialties(model.RootElement, table, notes);
            if (notes.Any) throw new KnowledgeException(dir, notes.Errors);

            var patients = table.Values.Sum(c => c.Patients);
            var findings = binary.ConvertAll(e => Finding(e, table.Values.Sum(c => c.Patients * c.P[e.Name]) / patients));
            var ids = codes.Zip(findings, (code, f) => (code, f.Id)).ToDictionary(x => x.code, x => x.Id, StringComparer.Ordinal);
            var departments = specialties.SelectMany(s => Departments(s.Name, s.Conditions, conditions.RootElement, table, codes, ids)).ToList();
            var knowledge = new Knowledge
            {
                World = "ddxplus",
                Departments = departments,
                Diseases = departments.SelectMany(d => d.Diseases).ToDictionary(d => d.Id, StringComparer.Ordinal),
                Findings = findings.ToDictionary(f => f.Id, StringComparer.Ordinal),
                Tests = new Dictionary<string, ConfirmingTest>(),
                Drugs = new Dictionary<string, Drug>(),
                Contexts = new Dictionary<string, Context>(),
            };
            foreach (var d in knowledge.Diseases.Values) notes.Note(d.Id, $"{ConditionsFile} ({d.Name})", 0);
            foreach (var d in departments) notes.Note(d.Id, $"{ModelFile} ({d.Id})", 0);
            KnowledgeCheck.Run(knowledge, notes);
            return notes.Any ? throw new KnowledgeException(dir, notes.Errors) : knowledge;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new KnowledgeException(dir, [$"the files have not the published shape: {e.Message}"]);
        }
    }

    private static JsonDocument Json(string dir, string file)
    {
        var path = Path.Combine(dir, file);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path} is missing; a DDXPlus folder holds {ConditionsFile}, {EvidencesFile}, {CountsFile} and {ModelFile}.", path);
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new KnowledgeException(dir, [$"{KnowledgeNotes.At(file, (e.LineNumber ?? -1) + 1)}: not readable as JSON: {e.Message}"]);
        }
    }

    private static Dictionary<string, (double Patients, Dictionary<string, double> P)> Table(
        JsonElement counts, JsonElement conditions, List<string> codes, KnowledgeNotes notes)
    {
        var table = new Dictionary<string, (double, Dictionary<string, double>)>(StringComparer.Ordinal);
        var probabilities = counts.GetProperty("probabilities");
        var patients = counts.GetProperty("condition_counts");
        foreach (var stray in probabilities.EnumerateObject().Where(c => !conditions.TryGetProperty(c.Name, out _)))
            notes.Add(CountsFile, 0, $"condition {stray.Name} is not in {ConditionsFile}");
        foreach (var condition in conditions.EnumerateObject())
        {
            if (!probabilities.TryGetProperty(condition.Name, out var row))
            {
                notes.Add(CountsFile, 0, $"condition {condition.Name} of {ConditionsFile} has no probabilities");
                continue;
            }

            if (!patients.TryGetProperty(condition.Name, out var number) || number.GetDouble() <= 0)
                notes.Add(CountsFile, 0, $"condition {condition.Name} has no positive count of patients");
            var p = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var code in codes)
            {
                if (!row.TryGetProperty(code, out var value)) notes.Add(CountsFile, 0, $"P({code} | {condition.Name}) is missing");
                else if (value.GetDouble() is < 0 or > 1) notes.Add(CountsFile, 0, string.Create(CultureInfo.InvariantCulture, $"P({code} | {condition.Name}) = {value.GetDouble()} is outside 0..1"));
                else p[code] = Math.Clamp(value.GetDouble(), 0.01, 0.99);
            }

            table[condition.Name] = (number.ValueKind == JsonValueKind.Number ? number.GetDouble() : 0, p);
        }

        return table;
    }

    private static List<(string Name, List<string> Conditions)> Specialties(
        JsonElement model, Dictionary<string, (double Patients, Dictionary<string, double> P)> table, KnowledgeNotes notes)
    {
        // A condition that two specialties list stays with the first; what has no probabilities is no condition of the release.
        var left = table.Keys.ToHashSet(StringComparer.Ordinal);
        var specialties = model.GetProperty("specialties").EnumerateObject()
            .Select(s => (s.Name, Conditions: s.Value.GetProperty("conditions").EnumerateArray().Select(c => c.GetString()!).Where(left.Remove).ToList()))
            .Where(s => s.Conditions.Count > 0)
            .ToList();
        foreach (var condition in left.OrderBy(c => c, StringComparer.Ordinal)) notes.Add(ModelFile, 0, $"no specialty lists the condition {condition}");
        return specialties;
    }

    private static IEnumerable<Department> Departments(
        string specialty, List<string> names, JsonElement conditions, Dictionary<string, (double Patients, Dictionary<string, double> P)> table, List<string> codes, Dictionary<string, string> ids)
    {
        var parts = (names.Count + LargestDepartment - 1) / LargestDepartment;
        string Icd(string condition) => conditions.GetProperty(condition).GetProperty("icd10-id").GetString()!.ToUpperInvariant();
        var sorted = names.OrderBy(Icd, StringComparer.Ordinal).ThenBy(n => n, StringComparer.Ordinal).ToList();
        for (var part = 0; part < parts; part++)
        {
            var members = sorted[(names.Count * part / parts)..(names.Count * (part + 1) / parts)];
            var id = parts == 1 ? Slug(specialty) : string.Create(CultureInfo.InvariantCulture, $"{Slug(specialty)}_{part + 1}");
            var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(id.Replace('_', ' '));
            var panel = Panel([.. members.Select(m => table[m].P)], codes);
            var diseases = members.ConvertAll(m => new Disease
            {
                Id = Slug(m),
                Name = m,
                Icd10 = Icd(m),
                Department = id,
                Prevalence = (from s in Enum.GetValues<Sex>() from a in Enum.GetValues<AgeBand>() select (s, a)).ToDictionary(k => k, _ => table[m].Patients),
                Findings = panel.ToDictionary(c => ids[c], c => table[m].P[c], StringComparer.Ordinal),
            });
            yield return new Department(id, name, specialty.Replace('_', ' '), diseases, [.. panel.Select(c => ids[c])]);
        }
    }

    private static List<string> Panel(List<Dictionary<string, double>> conditions, List<string> codes)
    {
        var pairs = (from i in Enumerable.Range(0, conditions.Count) from j in Enumerable.Range(0, i) select (i, j)).ToList();
        var told = new int[pairs.Count];
        double Difference(int pair, string code) => Math.Abs(conditions[pairs[pair].i][code] - conditions[pairs[pair].j][code]);
        var left = codes.ToList();
        var panel = new List<string>();
        while (panel.Count < PanelSize && left.Count > 0)
        {
            (double Gain, double Sum) Worth(string code) => (
                Enumerable.Range(0, pairs.Count).Sum(p => Difference(p, code) >= KnowledgeCheck.TellingDifference && told[p] < WantedDifferences ? 1.0 / (1 + told[p]) : 0),
                Enumerable.Range(0, pairs.Count).Sum(p => Difference(p, code)));
            var best = left.Select(c => (Code: c, Worth: Worth(c))).OrderByDescending(x => x.Worth).ThenBy(x => x.Code, StringComparer.Ordinal).First();
            if (best.Worth.Sum < 0.01) break;
            for (var p = 0; p < pairs.Count; p++) told[p] += Difference(p, best.Code) >= KnowledgeCheck.TellingDifference ? 1 : 0;
            panel.Add(best.Code);
            left.Remove(best.Code);
        }

        return panel;
    }

    private static Finding Finding(JsonProperty evidence, double background)
    {
        var question = evidence.Value.GetProperty("question_en").GetString()!.Trim();
        var topic = Slug(question).Split('_').Where(w => !Empty.Contains(w)).Take(2);
        var id = string.Join('_', [.. topic, evidence.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()]);
        var kind = evidence.Value.GetProperty("is_antecedent").GetBoolean() ? FindingKind.Risk : FindingKind.Symptom;
        // The questions are published, their answers as phrases are not: the vignette quotes question and answer.
        return new Finding(id, kind, Math.Clamp(background, 0.01, 0.99),
            [$"a \"yes\" to \"{question}\"", $"an affirmative answer to \"{question}\""],
            [$"a \"no\" to \"{question}\"", $"a negative answer to \"{question}\""]);
    }

    // Words that say nothing about which evidence it is.
    private static readonly HashSet<string> Empty =
    [
        .. ("a an and any are as at been being by can currently did do does ever feel felt find for from had has have he her his how if in is it lately new noticed notice of on or out " +
            "recently some something taken than that the their there this to was were when where which with within you your been consulting because symptoms re s e").Split(' '),
    ];

    private static string Slug(string text)
    {
        var plain = string.Concat(text.Normalize(System.Text.NormalizationForm.FormD).Where(c => char.IsAscii(c)));
        return NotWord().Replace(plain.ToLowerInvariant(), "_").Trim('_');
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
