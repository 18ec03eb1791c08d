using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>The problems of the last run of each stage, in <c>problems.jsonl</c>. Safe from several threads.</summary>
internal sealed class ProblemLog(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly List<SynthesisProblem> _all = Read(path);

    public IReadOnlyList<SynthesisProblem> All
    {
        get { lock (_lock) return [.. _all.OrderBy(p => p.Stage).ThenBy(p => p.Question, StringComparer.Ordinal)]; }
    }

    /// <summary>Forgets a stage's problems, for it is about to be tried again.</summary>
    public void Begin(SynthesisStage stage)
    {
        lock (_lock)
        {
            if (_all.RemoveAll(p => p.Stage == stage) > 0) Files.Write(path, string.Concat(_all.Select(p => JsonSerializer.Serialize(p, Json) + "\n")));
        }
    }

    public void Add(SynthesisProblem problem)
    {
        lock (_lock)
        {
            _all.Add(problem);
            File.AppendAllText(path, JsonSerializer.Serialize(problem, Json) + "\n");
        }
    }

    private static List<SynthesisProblem> Read(string path)
    {
        if (!File.Exists(path)) return [];
        using var journal = JsonLinesJournal<SynthesisProblem>.Open(path, Json);
        return [.. journal.Records];
    }
}
