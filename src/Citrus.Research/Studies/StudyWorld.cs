using System.Collections.Concurrent;
using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Studies;

/// <summary>The world a study plays in: its knowledge, its exam and the word list that all its students read with.</summary>
public sealed class StudyWorld
{
    private readonly ConcurrentDictionary<(string, int, long), Lazy<IReadOnlyList<ClinicQuestion>>> _questions = new();

    private StudyWorld(string spec, Knowledge knowledge, string hash)
    {
        Spec = spec;
        Knowledge = knowledge;
        Hash = hash;
        // One token a word: the list is the corpus's own vocabulary, known from the knowledge.
        Tokenizer = WordTokenizer.Of(ChartWords.Of(knowledge));
    }

    /// <summary><c>clinic</c>, <c>clinic:DIR</c> or <c>ddxplus:DIR</c>.</summary>
    public string Spec { get; }

    public Knowledge Knowledge { get; }

    /// <summary>SHA-256 of the knowledge's files.</summary>
    public string Hash { get; }

    public WordTokenizer Tokenizer { get; }

    /// <summary>Opens a world by its spec.</summary>
    /// <exception cref="StudyException">Unknown spec.</exception>
    public static StudyWorld Open(string spec)
    {
        var (kind, folder) = spec.Split(':', 2) is [var k, var f] ? (k, f) : (spec, "");
        switch (kind)
        {
            case "clinic":
                folder = folder.Length == 0 ? KnowledgeFolder.Default : folder;
                return new StudyWorld(spec, KnowledgeReader.Read(folder), StepHash.HexOfFolder(folder));
            case "ddxplus" when folder.Length > 0:
                return new StudyWorld(spec, DdxPlusReader.Read(folder), StepHash.HexOfFolder(folder));
            default:
                throw new StudyException($"Unknown world {spec}; use clinic, clinic:DIR (a folder of knowledge files) or ddxplus:DIR (a folder with DDXPlus's release files).");
        }
    }

    /// <summary>The first <paramref name="count"/> questions of a split for a seed; made once and kept.</summary>
    public IReadOnlyList<ClinicQuestion> Questions(ExamOptions exam, string split, long seed, int count) =>
        _questions.GetOrAdd((split + StepHash.Canonical(exam), count, seed),
            _ => new Lazy<IReadOnlyList<ClinicQuestion>>(() => [.. ClinicExam.Generate(Knowledge, exam, split, seed).Take(count)])).Value;

    /// <summary>SHA-256 over the questions' chart texts and answers.</summary>
    public static string HashOf(IEnumerable<ClinicQuestion> questions) =>
        StepHash.HexOf(string.Join('\n', questions.Select(q => $"{q.Id}\t{QuestionText.Chart(q.Chart)}\t{q.Chart.Answer}")));
}
