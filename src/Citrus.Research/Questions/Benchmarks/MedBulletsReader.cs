using System.Globalization;

namespace Citrus.Research.Questions.Benchmarks;

/// <summary>
/// MedBullets (Chen et al. 2024) as published: one JSON object written column by column, of <c>question</c>, <c>opa</c> to <c>opd</c> (five options: to <c>ope</c>), <c>answer_idx</c>, <c>answer</c>, <c>link</c>
/// and <c>explanation</c>, each with its rows under <c>"0"</c>, <c>"1"</c> and so on.
/// </summary>
public static class MedBulletsReader
{
    private static readonly string[] Options = ["opa", "opb", "opc", "opd", "ope"];

    /// <summary>The questions of a file in file order. A file is one line, so it is held in memory (it has one megabyte).</summary>
    /// <returns>The benchmark is <c>medbullets-op4</c> or <c>medbullets-op5</c> by the number of options, ids are its name and the row; the tag is <c>link</c>.</returns>
    /// <exception cref="QuestionFormatException">A row cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        foreach (var line in QuestionRecords.Read(path))
        {
            var options = QuestionOptions.Fields(line, Options);
            var answers = QuestionOptions.Answers(line, "answer_idx", options);
            var right = options.First(o => o.Label == answers[0]);
            if (answers.Count > 1) throw line.Error("answer_idx", "one label is needed.");
            if (line.TryWord("answer") is { } answer && answer != right.Text.Trim()) throw line.Error("answer", $"\"{answer}\" is not the text of option {right.Label} (\"{right.Text}\"); one of answer and answer_idx is wrong.");
            var benchmark = string.Create(CultureInfo.InvariantCulture, $"medbullets-op{options.Count}");
            yield return new Question
            {
                Id = $"{benchmark}-{line.Key ?? line.Ordinal.ToString("D5", CultureInfo.InvariantCulture)}",
                Stem = line.Text("question"),
                Options = options,
                Answers = answers,
                Benchmark = benchmark,
                Split = split,
                Tags = line.TryWord("link") is { } link ? new Dictionary<string, string> { ["link"] = link } : new Dictionary<string, string>(),
            };
        }
    }
}
