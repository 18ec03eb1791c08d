using System.Text.Json;
using Citrus.Research.Evaluation.Protocols;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>An evaluation as it lies in its folder: the questions as they were asked, every sample, and what they come to. Nobody is asked for it.</summary>
/// <remarks>A run that is under way, or was killed, can be read too: what is not there yet is missing.</remarks>
public sealed class EvaluationFolder
{
    /// <summary>Names of the files.</summary>
    public const string SamplesFile = "samples.jsonl", QuestionsFile = "questions.jsonl", ScoreFile = "score.json";

    private EvaluationFolder(string path, IReadOnlyList<Question> questions, IReadOnlyList<Sample> samples, EvaluationCard card, IReadOnlyList<EvaluationPart> parts, IReadOnlyList<EvaluationProblem> problems) =>
        (Path, Questions, Samples, Card, Parts, Problems) = (path, questions, samples, card, parts, problems);

    /// <summary>The folder, as it was given.</summary>
    public string Path { get; }

    /// <summary>The folder's own name.</summary>
    public string Name => System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(Path)));

    /// <summary>The benchmark as it was asked, in its order.</summary>
    public IReadOnlyList<Question> Questions { get; }

    /// <summary>Every sample that could be read, in the log's order.</summary>
    public IReadOnlyList<Sample> Samples { get; }

    public EvaluationCard Card { get; }

    public Protocol Protocol => Card.Protocol;

    public string Model => Card.Model;

    public string Benchmark => Card.Benchmark;

    /// <summary>What it comes to: one part, or a sweep's.</summary>
    public IReadOnlyList<EvaluationPart> Parts { get; }

    /// <summary>One prediction for each question, in the questions' order, those without output included; a sweep's last part.</summary>
    public IReadOnlyList<Prediction> Predictions => Parts[^1].Predictions;

    /// <summary>The score of <see cref="Predictions"/>.</summary>
    public Score Score => Parts[^1].Score;

    /// <summary>Whatever does not fit; empty where all is well.</summary>
    public IReadOnlyList<EvaluationProblem> Problems { get; }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="IOException">There is no such folder, or it holds no evaluation.</exception>
    /// <exception cref="InvalidDataException">A file of it cannot be understood.</exception>
    /// <exception cref="QuestionFormatException">The questions cannot be read.</exception>
    public static EvaluationFolder Open(string path)
    {
        if (!Directory.Exists(path)) throw new DirectoryNotFoundException($"There is no folder {path}; an evaluation's folder is what `citrus evaluate --out` named.");
        string In(string file) => System.IO.Path.Combine(path, file);
        if (!File.Exists(In(QuestionsFile)))
            throw new FileNotFoundException($"{path} holds no {QuestionsFile}, so it is no evaluation (or one of an earlier version: `citrus score --predictions {In(SamplesFile)} --questions FILE --out DIR` makes one of it).");
        var questions = UnifiedQuestions.Read(In(QuestionsFile)).ToList();
        if (questions.Count == 0) throw new InvalidDataException($"{In(QuestionsFile)} holds no question; an evaluation has at least one.");
        if (questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InvalidDataException($"{In(QuestionsFile)}: the id {twice.Key} is there {twice.Count()} times; ids must differ.");
        var card = ReadCard(path, questions);
        IReadOnlyList<EvaluationProblem> unreadable = [];
        var samples = File.Exists(In(SamplesFile)) ? SampleLog.Read(In(SamplesFile), out unreadable) : [];
        var parts = EvaluationParts.Of(questions, samples, card.Protocol, out var problems, ExamProtocols.TryParse(card.Spec) is { } exam ? exam.Count : null);
        return new(path, questions, [.. samples.Select(s => s.Sample)], card, parts, [.. unreadable, .. problems]);
    }

    /// <summary>Writes an evaluation that was made elsewhere as a folder, the card last.</summary>
    /// <param name="samples">With their extracted answers.</param>
    public static void Write(string path, EvaluationCard card, IReadOnlyList<Question> questions, IReadOnlyList<Sample> samples)
    {
        Directory.CreateDirectory(path);
        UnifiedQuestions.Write(System.IO.Path.Combine(path, QuestionsFile), questions);
        var log = System.IO.Path.Combine(path, SamplesFile);
        using (var file = File.Create(log + ".part"))
        {
            foreach (var sample in samples)
            {
                JsonSerializer.Serialize(file, sample, Sample.Json);
                file.WriteByte((byte)'\n');
            }
        }

        File.Move(log + ".part", log, overwrite: true);
        EvaluationCard.Write(path, card);
    }

    /// <summary>The card; of a folder without one, what its score says.</summary>
    private static EvaluationCard ReadCard(string folder, IReadOnlyList<Question> questions)
    {
        var (card, score) = (System.IO.Path.Combine(folder, EvaluationCard.FileName), System.IO.Path.Combine(folder, ScoreFile));
        var path = File.Exists(card) ? card : score;
        if (!File.Exists(path)) throw new FileNotFoundException($"{folder} holds neither {EvaluationCard.FileName} nor {ScoreFile}; one of them says which model and protocol the samples are of.");
        if (path == card) return EvaluationCard.Read(card);
        if (new FileInfo(path).Length > 16 << 20) throw new InvalidDataException($"{path} is larger than 16 MiB; this is no card of an evaluation.");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var root = json.RootElement;
            var protocol = root.GetProperty("score").GetProperty("protocol").Deserialize<Protocol>(Sample.Json) ?? throw new JsonException("the protocol is null");
            return new EvaluationCard
            {
                Model = root.GetProperty("model").GetString() ?? "",
                Spec = protocol.Name,
                Protocol = protocol,
                Benchmark = EvaluationCard.BenchmarkOf(questions),
                QuestionsFile = QuestionsFile,
                QuestionsSha256 = "",
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} does not say which model and protocol the samples are of ({e.Message}).", e);
        }
    }
}
