using System.Text.Json;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>
/// PubMedQA's expert-labelled set (Jin et al. 2019) as published: one JSON object that holds, under each PubMed id, <c>QUESTION</c>, <c>CONTEXTS</c> and <c>final_decision</c>
/// (yes, no or maybe); or Hugging Face's rows of <c>pubid</c>, <c>question</c>, <c>context.contexts</c> and <c>final_decision</c>.
/// </summary>
public static class PubMedQaReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "pubmedqa";

    /// <summary>Name of the file of the publisher's test ids, each with its right answer.</summary>
    public const string TestFile = "test_ground_truth.json";

    private static readonly Option[] Options = [new("A", "yes"), new("B", "no"), new("C", "maybe")];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="split">What the file is; where empty and <see cref="TestFile"/> lies beside the file, <c>test</c> for the ids in it and <c>train</c> for the others.</param>
    /// <returns>
    /// Ids are <c>pubmedqa-</c> and the PubMed id. The abstract without its conclusion stands in the stem before the question, one paragraph each: the question cannot be answered without it.
    /// The conclusion (<c>LONG_ANSWER</c>) is what is asked about and stays unread. The tag is <c>year</c>.
    /// </returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, an id comes twice, or the test file gives it another answer.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", TestFile);
        var test = split.Length == 0 && File.Exists(beside) ? TestIds(beside) : null;
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            var id = line.Key ?? line.TryWord("pubid") ?? line.Text("id");
            var decision = line.Text("final_decision").Trim();
            var right = Array.Find(Options, o => o.Text == decision) ?? throw line.Error("final_decision", $"\"{decision}\" is none of yes, no, maybe.");
            if (test is not null && test.TryGetValue(id, out var truth) && truth != decision) throw line.Error("final_decision", $"{id} is {decision} here, but {truth} in {beside}; one of the files was changed.");
            yield return new Question
            {
                Id = seen.Add(line, "id", $"{Benchmark}-{id}"),
                Stem = string.Join("\n\n", [.. Contexts(line), line.Text(line.Try("QUESTION", out _) ? "QUESTION" : "question")]),
                Options = Options,
                Answers = [right.Label],
                Benchmark = Benchmark,
                Split = test is null ? split : test.ContainsKey(id) ? "test" : "train",
                Tags = line.TryWord("YEAR") is { } year ? new Dictionary<string, string> { ["year"] = year } : new Dictionary<string, string>(),
            };
        }
    }

    /// <summary>The publisher's test ids, each with its right answer: one JSON object of ids and yes, no or maybe.</summary>
    /// <exception cref="QuestionFormatException">The file is no such object.</exception>
    public static IReadOnlyDictionary<string, string> TestIds(string path)
    {
        using var stream = Utf8Source.Open(path);
        if (stream.Length > QuestionLine.MaximumBytes) throw new QuestionFormatException(path, 0, "", $"the file is larger than {QuestionLine.MaximumBytes >> 20} MiB; an object of ids and answers is needed.");
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new QuestionFormatException(path, 1, "", "an object of ids and answers is needed.");
            var ids = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var id in document.RootElement.EnumerateObject())
                ids[id.Name] = id.Value.ValueKind == JsonValueKind.String && Options.Any(o => o.Text == id.Value.GetString()) ? id.Value.GetString()!
                    : throw new QuestionFormatException(path, 0, id.Name, "one of yes, no, maybe is needed.");
            return ids;
        }
        catch (JsonException e)
        {
            throw new QuestionFormatException(path, (int)Math.Min(int.MaxValue - 1, e.LineNumber ?? 0) + 1, "", $"not JSON ({e.Message}).", e);
        }
        catch (InvalidOperationException e)
        {
            throw new QuestionFormatException(path, 0, "", "a text holds half of a surrogate pair, which is no character.", e);
        }
    }

    private static IEnumerable<string> Contexts(QuestionLine line)
    {
        var contexts = line.Try("context", out var context) && context.ValueKind == JsonValueKind.Object && context.TryGetProperty("contexts", out var inner) ? inner : line.Of("CONTEXTS", JsonValueKind.Array);
        if (contexts.ValueKind != JsonValueKind.Array || contexts.EnumerateArray().Any(c => c.ValueKind != JsonValueKind.String)) throw line.Error("CONTEXTS", "a list of texts is needed.");
        return contexts.EnumerateArray().Select(c => c.GetString()!).Where(c => !string.IsNullOrWhiteSpace(c)).ToList();
    }
}
