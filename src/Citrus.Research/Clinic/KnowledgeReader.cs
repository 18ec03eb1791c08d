using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Citrus.Research.Clinic;

/// <summary>Reads a folder of knowledge: <c>common.yaml</c> and one <c>DEPARTMENT.yaml</c> each, in the order of their names.</summary>
public sealed partial class KnowledgeReader
{
    /// <summary>Stream, document and the levels of the schema, with room to spare; the loader behind it recurses.</summary>
    private const int DeepestNesting = 32;

    private const string Common = "common.yaml";

    private readonly KnowledgeNotes _notes = new();
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _phrases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Context> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfirmingTest> _tests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Drug> _drugs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Disease> _diseases = new(StringComparer.Ordinal);
    private readonly List<Department> _departments = [];

    private KnowledgeReader() { }

    /// <summary>Reads and checks all files of a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="KnowledgeException">Everything that is wrong, each with its file and line.</exception>
    public static Knowledge Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"No knowledge folder at {Path.GetFullPath(folder)}.");
        var files = Directory.EnumerateFiles(folder, "*.yaml")
            .Select(f => (Name: Path.GetFileName(f), Path: f))
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .ToList();
        return Read(folder, [.. files.Select(f => (f.Name, File.ReadAllText(f.Path)))]);
    }

    /// <summary>As <see cref="Read(string)"/>, of texts in memory.</summary>
    /// <param name="source">What to call the whole in an error.</param>
    /// <param name="files">File names with their texts.</param>
    public static Knowledge Read(string source, IReadOnlyList<(string Name, string Text)> files)
    {
        var reader = new KnowledgeReader();
        if (!files.Any(f => f.Name == Common)) reader._notes.Add(Common, 1, $"the file is missing from {source}; it holds the shared contexts and findings");
        if (files.All(f => f.Name == Common)) reader._notes.Add(Common, 1, $"{source} has no department beside it; one DEPARTMENT.yaml each is needed");
        foreach (var (name, text) in files.Where(f => f.Name == Common)) reader.ReadFile(name, text, reader.ReadCommon);
        var common = reader._findings.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, text) in files.Where(f => f.Name != Common)) reader.ReadFile(name, text, (f, root) => reader.ReadDepartment(f, root, common));

        var knowledge = new Knowledge
        {
            World = "clinic",
            Departments = reader._departments,
            Diseases = reader._diseases,
            Findings = reader._findings,
            Tests = reader._tests,
            Drugs = reader._drugs,
            Contexts = reader._contexts,
        };
        // Cross-checks presume that every id resolves.
        if (!reader._notes.Any) KnowledgeCheck.Run(knowledge, reader._notes);
        return reader._notes.Any ? throw new KnowledgeException(source, reader._notes.Errors) : knowledge;
    }

    private void ReadFile(string file, string text, Action<string, YamlNode> read)
    {
        var stream = new YamlStream();
        long line = 1;
        try
        {
            // The parser by itself first: some broken texts make it throw without saying where, so the last event it saw must do.
            var parser = new Parser(new StringReader(text));
            var depth = 0;
            while (parser.MoveNext())
            {
                line = parser.Current!.End.Line;
                depth += parser.Current.NestingIncrease;
                if (depth <= DeepestNesting) continue;
                _notes.Add(file, line, $"nested deeper than {DeepestNesting} levels; knowledge is not");
                return;
            }

            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            _notes.Add(file, e.Start.Line, $"not readable as YAML: {(e.InnerException ?? e).Message}");
            return;
        }
        catch (InvalidOperationException)
        {
            _notes.Add(file, line, "not readable as YAML from here on; is a bracket or a quotation mark left open?");
            return;
        }

        if (stream.Documents.Count == 0) _notes.Add(file, 1, "the file is empty");
        else read(file, stream.Documents[0].RootNode);
    }

    private void ReadCommon(string file, YamlNode root)
    {
        var fields = new YamlFields(file, root, "the file", _notes, ["contexts", "findings"], []);
        foreach (var node in fields.List("contexts")) ReadContext(file, node);
        foreach (var node in fields.List("findings")) ReadFinding(file, node);
    }

    private void ReadContext(string file, YamlNode node)
    {
        var f = new YamlFields(file, node, "a context", _notes, ["id", "kind", "frequency", "phrases"], ["sex", "ages"]);
        var id = Id(f, "context");
        var frequency = f.Probability("frequency", $"frequency of {id}");
        Sex? sex = null;
        if (f.Node("sex") is not null) sex = Word<Sex>(file, f.LineOf("sex"), f.Text("sex"), $"`sex` of {id}");
        var ages = f.Texts("ages").Select(a => Word<AgeBand>(file, a.Line, a.Text, $"`ages` of {id}")).ToList();
        _contexts.TryAdd(id, new Context(id, f.Text("kind"), frequency, sex, ages, Phrases(f, "phrases", id)));
    }

    private void ReadFinding(string file, YamlNode node)
    {
        var f = new YamlFields(file, node, "a finding", _notes, ["id", "kind", "background", "present", "absent"], []);
        var id = Id(f, "finding");
        var kind = f.Node("kind") is null ? default : Word<FindingKind>(file, f.LineOf("kind"), f.Text("kind"), $"`kind` of {id}");
        var background = f.Probability("background", $"background of {id}");
        _findings.TryAdd(id, new Finding(id, kind, background, Phrases(f, "present", id), Phrases(f, "absent", id)));
    }

    private void ReadDepartment(string file, YamlNode root, HashSet<string> common)
    {
        var f = new YamlFields(file, root, "the department", _notes, ["department", "name", "system", "findings", "tests", "drugs", "diseases"], []);
        var department = Id(f, "department", "department");
        var known = new HashSet<string>(common, StringComparer.Ordinal);
        foreach (var node in f.List("findings"))
        {
            ReadFinding(file, node);
            known.Add(new YamlFields(file, node, "", new KnowledgeNotes(), ["id"], ["kind", "background", "present", "absent"]).Text("id"));
        }

        foreach (var node in f.List("tests"))
        {
            var t = new YamlFields(file, node, "a test", _notes, ["id", "name"], []);
            var id = Id(t, "test");
            _tests.TryAdd(id, new ConfirmingTest(id, t.Text("name")));
        }

        foreach (var node in f.List("drugs"))
        {
            var d = new YamlFields(file, node, "a drug", _notes, ["id", "name", "class", "avoid"], []);
            var id = Id(d, "drug");
            foreach (var (context, line) in d.Texts("avoid").Where(a => a.Text.Length > 0 && !_contexts.ContainsKey(a.Text)))
                _notes.Add(file, line, $"{id} avoids the unknown context {context}; contexts stand in {Common}");
            _drugs.TryAdd(id, new Drug(id, d.Text("name"), d.Text("class"), [.. d.Texts("avoid").Select(a => a.Text).Distinct(StringComparer.Ordinal)]));
        }

        var diseases = f.List("diseases").Select(node => ReadDisease(file, node, department, known)).ToList();
        var panel = diseases.SelectMany(d => d.Findings.Keys).ToHashSet(StringComparer.Ordinal);
        // File order: the department's own findings as they stand, then the shared ones it uses.
        var own = _findings.Keys.Where(k => panel.Contains(k) && !common.Contains(k));
        _departments.Add(new Department(department, f.Text("name"), f.Text("system"), diseases, [.. own, .. _findings.Keys.Where(k => panel.Contains(k) && common.Contains(k))]));
    }

    private Disease ReadDisease(string file, YamlNode node, string department, HashSet<string> known)
    {
        var f = new YamlFields(file, node, "a disease", _notes, ["id", "name", "icd10", "prevalence", "findings", "confirm", "treatment"], ["complications"]);
        var id = Id(f, "disease");

        var findings = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value, line) in f.Entries("findings"))
        {
            if (!known.Contains(name)) _notes.Add(file, line, $"{id} speaks of the unknown finding {name}; it must stand in this file or in {Common}");
            findings[name] = f.Probability(value, $"P({name} | {id})");
        }

        var confirm = f.Text("confirm");
        if (confirm.Length > 0 && !_tests.ContainsKey(confirm)) _notes.Add(file, f.LineOf("confirm"), $"{id} is confirmed by the unknown test {confirm}");

        string first = "", second = "";
        if (f.Node("treatment") is { } node2)
        {
            var t = new YamlFields(file, node2, $"`treatment` of {id}", _notes, ["first", "second"], []);
            (first, second) = (t.Text("first"), t.Text("second"));
            foreach (var drug in new[] { first, second }.Where(d => d.Length > 0 && !_drugs.ContainsKey(d)))
                _notes.Add(file, t.LineOf(drug == first ? "first" : "second"), $"{id} is treated with the unknown drug {drug}");
        }

        var disease = new Disease
        {
            Id = id,
            Name = f.Text("name"),
            Icd10 = f.Text("icd10"),
            Department = department,
            Prevalence = Prevalence(f, id),
            Findings = findings,
            Confirm = confirm,
            FirstLine = first,
            SecondLine = second,
            Complications = [.. f.Texts("complications").Select(c => c.Text)],
        };
        _diseases.TryAdd(id, disease);
        return disease;
    }

    private Dictionary<(Sex Sex, AgeBand Age), double> Prevalence(YamlFields disease, string id)
    {
        var all = new Dictionary<(Sex, AgeBand), double>();
        if (disease.Node("prevalence") is not { } node) return all;
        var sexes = new YamlFields(disease.File, node, $"`prevalence` of {id}", _notes, ["male", "female"], []);
        foreach (var sex in Enum.GetValues<Sex>())
        {
            if (sexes.Node(Lower(sex)) is not { } ages) continue;
            var bands = new YamlFields(disease.File, ages, $"`prevalence` of {id} ({Lower(sex)})", _notes, [.. Enum.GetValues<AgeBand>().Select(Lower)], []);
            foreach (var band in Enum.GetValues<AgeBand>())
            {
                if (bands.Node(Lower(band)) is not { } number) continue;
                var value = bands.Number(number, $"prevalence of {id} ({Lower(sex)}, {Lower(band)})");
                if (value <= 0)
                {
                    _notes.Add(disease.File, number.Start.Line, string.Create(CultureInfo.InvariantCulture,
                        $"prevalence of {id} ({Lower(sex)}, {Lower(band)}) = {value} is not positive; write a small number such as 0.1 for practically never"));
                }

                all[(sex, band)] = value;
            }
        }

        return all;
    }

    private string Id(YamlFields f, string what, string field = "id")
    {
        var id = f.Text(field);
        if (id.Length == 0) return id;
        var line = f.LineOf(field);
        if (!Word().IsMatch(id)) _notes.Add(f.File, line, $"the id {id} must be one lower_snake_case word, for it is a word of the charts");
        if (ChartWords.IsFixed(id)) _notes.Add(f.File, line, $"the id {id} is a word of the chart grammar; choose another");
        if (!_ids.TryAdd(id, KnowledgeNotes.At(f.File, line))) _notes.Add(f.File, line, $"duplicate id {id} ({what}); it already stands at {_ids[id]}");
        _notes.Note(id, f.File, line);
        return id;
    }

    private List<string> Phrases(YamlFields f, string field, string owner)
    {
        var phrases = f.Texts(field);
        if (f.Node(field) is not null && phrases.Count == 0) _notes.Add(f.File, f.LineOf(field), $"`{field}` of {owner} is empty; at least one phrase is needed");
        foreach (var (phrase, line) in phrases.Where(p => p.Text.Length > 0))
        {
            var claim = $"{owner} ({field}, {KnowledgeNotes.At(f.File, line)})";
            if (!_phrases.TryAdd(phrase, claim)) _notes.Add(f.File, line, $"the phrase \"{phrase}\" of {owner} ({field}) is already claimed by {_phrases[phrase]}");
        }

        return [.. phrases.Select(p => p.Text)];
    }

    private T Word<T>(string file, long line, string text, string what) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Lower(value) == text) return value;
        }

        if (text.Length > 0) _notes.Add(file, line, $"{what} = {text} is none of {string.Join(", ", Enum.GetValues<T>().Select(Lower))}");
        return default;
    }

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Word();
}
