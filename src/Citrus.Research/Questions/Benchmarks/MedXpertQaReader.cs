namespace Citrus.Research.Questions.Benchmarks;

/// <summary>MedXpertQA's text set (Zuo et al. 2025) as published: JSON Lines of <c>id</c>, <c>question</c>, <c>options</c> (ten, A to J), <c>label</c>, <c>medical_task</c>, <c>body_system</c>, <c>question_type</c>.</summary>
public static class MedXpertQaReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "medxpertqa";

    private const string Repeated = "Answer Choices:";

    private static readonly string[] Tagged = ["medical_task", "body_system", "question_type"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="leftOut">Gets a note for each question that shows images.</param>
    /// <returns>
    /// Ids are <c>medxpertqa-id</c>. The published question repeats its options after <c>Answer Choices:</c>; the stem ends before it, for the options are asked for apart. Questions with images (the set MM) are left out.
    /// </returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            if (line.Try("images", out var images) && images.ValueKind == System.Text.Json.JsonValueKind.Array && images.GetArrayLength() > 0)
            {
                leftOut?.Add(line.Error("images", "the question shows images, which no text can; left out."));
                continue;
            }

            var options = QuestionOptions.Of(line, "options");
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in Tagged)
                if (line.TryWord(field) is { } value) tags[field] = value;
            yield return new Question
            {
                Id = seen.Add(line, "id", $"{Benchmark}-{line.Text("id")}"),
                Stem = Stem(line),
                Options = options,
                Answers = QuestionOptions.Answers(line, "label", options),
                Benchmark = Benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }

    private static string Stem(QuestionLine line)
    {
        var text = line.Text("question");
        var cut = text.LastIndexOf(Repeated, StringComparison.OrdinalIgnoreCase);
        var stem = (cut > 0 ? text[..cut] : text).Trim();
        return stem.Length > 0 ? stem : throw line.Error("question", $"there is no question before \"{Repeated}\".");
    }
}
