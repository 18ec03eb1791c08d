namespace Citrus.Research.Questions.Benchmarks;

/// <summary>MMLU-Pro (Wang et al. 2024) as published: JSON Lines of <c>question_id</c>, <c>question</c>, <c>options</c> (3 to 10), <c>answer</c>, <c>answer_index</c>, <c>category</c>, <c>src</c>.</summary>
public static class MmluProReader
{
    /// <summary>Stands for no option where a file gives every question ten.</summary>
    private const string None = "N/A";

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="category">Only this category, e.g. <c>health</c>; all where null.</param>
    /// <param name="leftOut">Gets a note for each question of another category.</param>
    /// <returns>
    /// The benchmark is <c>mmlu-pro-health</c> after the category, ids are <c>mmlu-pro-question_id</c>; the tags are <c>category</c> and <c>source</c>. Options <c>N/A</c> after the last real one are
    /// padding and none; <c>N/A</c> before a real option is kept, for the labels after it count it.
    /// </returns>
    /// <exception cref="QuestionFormatException">A record cannot be read, or an id comes twice.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", string? category = null, ICollection<QuestionFormatException>? leftOut = null)
    {
        var seen = new SeenIds();
        foreach (var line in QuestionRecords.Read(path))
        {
            var its = line.Text("category").Trim();
            if (category is not null && !BenchmarkName.Word(its).Equals(BenchmarkName.Word(category), StringComparison.Ordinal))
            {
                leftOut?.Add(line.Error("category", $"{its} is not {category}; left out."));
                continue;
            }

            var all = QuestionOptions.Of(line, "options");
            var options = all.Take(all.Count - all.Reverse().TakeWhile(o => o.Text.Trim() == None).Count()).ToList();
            line.Checked("options", options);
            var answers = QuestionOptions.Answers(line, "answer", options);
            if (line.Try("answer_index", out _) && QuestionOptions.Place(line, "answer_index", options, first: 0) is var place && (answers.Count != 1 || place != answers[0]))
                throw line.Error("answer_index", $"it names {place}, but answer names {string.Join(", ", answers)}; one of them is wrong.");
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["category"] = its };
            if (line.TryWord("src") is { } source) tags["source"] = source;
            yield return new Question
            {
                Id = seen.Add(line, "question_id", $"mmlu-pro-{line.TryWord("question_id") ?? throw line.Error("question_id", "a number is needed.")}"),
                Stem = line.Text("question"),
                Options = options,
                Answers = answers,
                Benchmark = $"mmlu-pro-{BenchmarkName.Word(its)}",
                Split = split,
                Tags = tags,
            };
        }
    }
}
