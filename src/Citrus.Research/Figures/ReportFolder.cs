using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Figures;

/// <summary>Reads the folder of a run without changing it.</summary>
internal static class ReportFolder
{
    private static readonly JsonSerializerOptions SampleJson = new(Sample.Json) { RespectNullableAnnotations = true };
    private static readonly JsonSerializerOptions TraceJson = new(Trace.Json) { RespectNullableAnnotations = true };
    private static readonly JsonSerializerOptions VerifiedJson = new(SynthesisPipeline.Json) { RespectNullableAnnotations = true };

    public static ReportRun Read(string folder, string? questions, ReportBudget budget)
    {
        if (File.Exists(folder)) throw new FileNotFoundException($"{folder} is a file; name the folder of a run, which holds {EvaluationFolder.SamplesFile} or {SynthesisPipeline.TracesFile}.");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}; name the folder that `citrus evaluate --out` or `citrus synthesize --out` wrote.");
        string At(string name) => Path.Combine(folder, name);
        var evaluated = File.Exists(At(EvaluationFolder.SamplesFile));
        if (!evaluated && !File.Exists(At(SynthesisPipeline.TracesFile)))
            throw new FileNotFoundException($"{folder} holds neither {EvaluationFolder.SamplesFile} (an evaluation) nor {SynthesisPipeline.TracesFile} (a synthesis).");
        var problems = new List<string>();
        var run = new ReportRun { Name = NameOf(folder), Questions = Questions(At(SynthesisPipeline.QuestionsFile), questions, budget) };
        if (!evaluated)
        {
            return run with
            {
                Model = Settings(At(SynthesisPipeline.RunFile), "expert", budget),
                Protocol = "synthesis" + (Settings(At(SynthesisPipeline.RunFile), "pathway", budget) is { Length: > 0 } pathway ? ", " + pathway : ""),
                Traces = Traces(At(SynthesisPipeline.TracesFile), budget, problems),
                Verified = File.Exists(At(SynthesisPipeline.VerifiedFile)) ? ReportLines.Read<VerifiedTrace>(At(SynthesisPipeline.VerifiedFile), VerifiedJson, budget, _ => null, problems) : [],
                Problems = problems,
            };
        }

        var samples = ReportLines.Read<Sample>(At(EvaluationFolder.SamplesFile), SampleJson, budget, Wrong, problems);
        if (samples.Count == 0) problems.Add($"{EvaluationFolder.SamplesFile} holds no sample; every question counts as missing.");
        var (model, protocol, counted) = Score(At(EvaluationCard.FileName), At(EvaluationFolder.ScoreFile), budget, problems);
        return run with { Model = model, Protocol = protocol, Counted = counted, Samples = samples, Problems = problems };
    }

    /// <summary>The traces of a <c>traces.jsonl</c>.</summary>
    public static List<Trace> Traces(string path, ReportBudget budget, ICollection<string> problems) =>
        ReportLines.Read<Trace>(path, TraceJson, budget, WrongIn, problems);

    private static string? WrongIn(Trace trace) =>
        trace.Steps.Any(s => s is null) ? "field steps: a step is null."
        : trace.Steps.Any(s => !double.IsFinite(s.Cost ?? 0) || !double.IsFinite(s.Latency ?? 0) || !double.IsFinite(s.Score ?? 0)) ? "fields cost, latency and score of a step: a finite number is needed."
        : null;

    private static string NameOf(string folder) => new DirectoryInfo(folder).Name;

    private static string? Wrong(Sample sample) =>
        sample.Question is null ? "field question: the id of the question is needed."
        : sample.Output is null ? "field output: a text is needed, empty where nothing was said."
        : sample.Answers is null ? "field answers: the right labels are needed, e.g. [\"A\"]."
        : sample.Extracted is null ? "field extracted: an object is needed, e.g. {\"tier\":\"None\",\"letter\":null,\"named\":null,\"isWellFormed\":false}."
        : sample.Answers.Any(a => a is null) || sample.Chosen?.Any(c => c is null) == true ? "fields answers and chosen: labels are texts, not null."
        : sample.Messages?.Any(m => m?.Role is null || m.Text is null) == true ? "field messages: each needs a role and a text."
        : null;

    private static List<Question> Questions(string own, string? given, ReportBudget budget)
    {
        var path = File.Exists(own) ? own : given
            ?? throw new FileNotFoundException($"{own} is missing; give the questions that the run was asked with --questions FILE.");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file of questions.");
        budget.Open(path).Dispose();
        var questions = (path == own ? UnifiedQuestions.Read(path) : QuestionFiles.Read(path)).Take(budget.Options.MaximumQuestions + 1).ToList();
        return questions.Count == 0 ? throw new InvalidDataException($"{path}: the file holds no question.")
            : questions.Count <= budget.Options.MaximumQuestions ? questions
            : throw new InvalidDataException($"{path}: more than {budget.Options.MaximumQuestions} questions, which is more than a page holds (MaximumQuestions).");
    }

    // The cards of a run have grown and will grow: what this page needs is taken from wherever it stands, the rest is not looked at.
    private static (string Model, string Protocol, Rate? Counted) Score(string card, string path, ReportBudget budget, List<string> problems)
    {
        if (!File.Exists(path)) problems.Add($"There is no {EvaluationFolder.ScoreFile}: {(File.Exists(card) ? "the run has not ended" : "model and protocol are unknown")}; the samples are counted as they are.");
        using var about = File.Exists(card) ? Json(card, budget) : null;
        using var result = File.Exists(path) ? Json(path, budget) : null;
        JsonElement? root = result?.RootElement;
        var score = Member(root, "score") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        var protocol = Member(about?.RootElement, "protocol") ?? Member(score, "protocol") ?? Member(root, "protocol");
        var said = protocol is { ValueKind: JsonValueKind.Object } p
            ? Text(Member(p, "name")) + (Text(Member(p, "version")) is { Length: > 0 } version ? " v" + version : "")
            : Text(protocol);
        if (said.Length == 0 && result is not null) problems.Add($"{EvaluationFolder.ScoreFile} names no protocol.");
        Rate? counted = Member(score, "correct") is { ValueKind: JsonValueKind.Object } c && Whole(Member(c, "count")) is { } k && Whole(Member(c, "n")) is { } n && k >= 0 && k <= n ? new Rate(k, n) : null;
        return (Text(Member(about?.RootElement, "model") ?? Member(root, "model")), said, counted);
    }

    private static string Settings(string path, string field, ReportBudget budget)
    {
        if (!File.Exists(path)) return "";
        using var document = Json(path, budget);
        return Text(Member(document.RootElement, field));
    }

    private static JsonDocument Json(string path, ReportBudget budget)
    {
        using var stream = budget.Open(path);
        try
        {
            var document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new InvalidDataException($"{path}: a JSON object is needed.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: not JSON ({e.Message}).", e);
        }
    }

    private static JsonElement? Member(JsonElement? of, string name) => of is { ValueKind: JsonValueKind.Object } thing && thing.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static int? Whole(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var whole) ? whole : null;

    private static string Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
