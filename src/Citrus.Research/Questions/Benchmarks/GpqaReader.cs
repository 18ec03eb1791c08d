namespace Citrus.Research.Questions.Benchmarks;

/// <summary>GPQA (Rein et al. 2023) as published: CSV of <c>Question</c>, <c>Correct Answer</c>, <c>Incorrect Answer 1</c> to <c>3</c>, <c>Record ID</c>, <c>High-level domain</c>, <c>Subdomain</c> and some fifty more.</summary>
public static class GpqaReader
{
    private static readonly string[] Wrong = ["Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="path">A file that may be named after its subset, <c>gpqa_main.csv</c>, <c>gpqa_diamond.csv</c> or <c>gpqa_extended.csv</c>.</param>
    /// <returns>
    /// The benchmark is <c>gpqa-main</c> after the file, ids are <c>gpqa-</c> and the record's; the tags are <c>domain</c> and <c>subdomain</c>. The file does not order its options; they are shuffled by the
    /// record's id, the same way each time, so that the right one is not always first.
    /// </returns>
    /// <exception cref="QuestionFormatException">A row cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var benchmark = Path.GetFileNameWithoutExtension(path).StartsWith("gpqa_", StringComparison.OrdinalIgnoreCase) ? BenchmarkName.Word(Path.GetFileNameWithoutExtension(path)) : "gpqa";
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            var id = seen.Add(line, "Record ID", $"gpqa-{line.Text("Record ID").Trim()}");
            var right = line.Text("Correct Answer").Trim();
            List<string> texts = [right, .. Wrong.Select(w => line.Text(w).Trim())];
            if (texts.LastIndexOf(right) > 0) throw line.Error("Correct Answer", "it is one of the incorrect answers too.");
            SeededRandom.For(0, "gpqa", id).Shuffle(texts);
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (line.TryWord("High-level domain") is { } domain) tags["domain"] = domain;
            if (line.TryWord("Subdomain") is { } part) tags["subdomain"] = part;
            yield return new Question
            {
                Id = id,
                Stem = line.Text("Question"),
                Options = [.. texts.Select((t, i) => new Option(QuestionOptions.Label(i), t))],
                Answers = [QuestionOptions.Label(texts.IndexOf(right))],
                Benchmark = benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }
}
