namespace Citrus.Research.Questions.Benchmarks;

/// <summary>CMExam (Liu et al. 2023) as published: CSV of <c>Question</c>, <c>Options</c> (one a line, each after its label), <c>Answer</c>, <c>Explanation</c> and annotations; some copies are GB18030.</summary>
public static class CmExamReader
{
    /// <summary>Name of the benchmark.</summary>
    public const string Benchmark = "cmexam";

    private const int LongestTag = 100;

    private static readonly string[] Known = ["Question", "Options", "Answer", "Explanation", ""];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="leftOut">Gets a note for each row without an answer; there are such in the published files.</param>
    /// <returns>Ids are <c>cmexam-</c>, the split and the row. Annotations are tags under their column's name in lower case; the explanation stays unread.</returns>
    /// <exception cref="QuestionFormatException">A row cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "", ICollection<QuestionFormatException>? leftOut = null)
    {
        foreach (var line in QuestionRecords.Read(path))
        {
            if (line.TryWord("Answer") is null)
            {
                leftOut?.Add(line.Error("Answer", "no answer was published with this question; left out."));
                continue;
            }

            var options = QuestionOptions.Written(line, "Options");
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in line.Fields.Except(Known))
                if (line.TryWord(field) is { Length: <= LongestTag } value) tags[BenchmarkName.Word(field)] = value;
            yield return new Question
            {
                Id = line.NumberedId(Benchmark, split),
                Stem = line.Text("Question"),
                Options = options,
                Answers = QuestionOptions.Answers(line, "Answer", options),
                Benchmark = Benchmark,
                Split = split,
                Tags = tags,
            };
        }
    }
}
