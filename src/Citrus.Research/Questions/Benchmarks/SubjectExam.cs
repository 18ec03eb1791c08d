namespace Citrus.Research.Questions.Benchmarks;

/// <summary>A row of an exam with one file a subject, a column an option and one right label, as MMLU and CMMLU are published.</summary>
internal static class SubjectExam
{
    /// <param name="stem">Column of the stem.</param>
    /// <param name="options">Columns of the options.</param>
    /// <param name="answer">Column of the right label.</param>
    /// <exception cref="QuestionFormatException">The row cannot be read.</exception>
    public static Question Of(QuestionLine line, string benchmark, string split, string subject, string stem, string[] options, string answer)
    {
        var shown = QuestionOptions.Fields(line, options);
        var answers = QuestionOptions.Answers(line, answer, shown);
        if (answers.Count > 1) throw line.Error(answer, "one label is needed.");
        return new Question
        {
            Id = line.NumberedId(benchmark, split),
            Stem = line.Text(stem),
            Options = shown,
            Answers = answers,
            Benchmark = benchmark,
            Split = split,
            Tags = new Dictionary<string, string> { ["subject"] = subject },
        };
    }
}
