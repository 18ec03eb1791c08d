namespace Citrus.Research.Questions.Benchmarks;

/// <summary>MLEC-QA (Li et al. 2021) as published: a JSON list of <c>qid</c>, <c>qtype</c>, <c>qtext</c>, <c>qimage</c>, <c>options</c>, <c>answer</c>.</summary>
public static class MlecQaReader
{
    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="path">A file named after its field and split, e.g. <c>Clinic_test.json</c>.</param>
    /// <param name="leftOut">Gets a note for each question that shows an image or a table.</param>
    /// <returns>The benchmark is <c>mlec-qa-clinic</c>, ids are its name, the split and <c>qid</c>; the tag is <c>type</c>. Questions with an image are left out; options without a text are none.</returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        var (field, named) = BenchmarkName.Of(path);
        if (split.Length == 0) split = named;
        var benchmark = $"mlec-qa-{BenchmarkName.Word(field)}";
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            if (line.TryWord("qimage") is not null)
            {
                leftOut?.Add(line.Error("qimage", "the question shows an image, which no text can; left out."));
                continue;
            }

            var options = QuestionOptions.Of(line, "options", padded: true);
            var id = line.TryWord("qid") ?? throw line.Error("qid", "a number or a text is needed.");
            yield return new Question
            {
                Id = seen.Add(line, "qid", $"{benchmark}{(split.Length > 0 ? "-" + split : "")}-{id}"),
                Stem = line.Text("qtext").Replace("\u3000", "", StringComparison.Ordinal).Trim(),
                Options = options,
                Answers = QuestionOptions.Answers(line, "answer", options),
                Benchmark = benchmark,
                Split = split,
                Tags = line.TryWord("qtype") is { } type ? new Dictionary<string, string> { ["type"] = type } : new Dictionary<string, string>(),
            };
        }
    }
}
