namespace Citrus.Research.Questions.Benchmarks;

/// <summary>CMMLU (Li et al. 2023) as published: one CSV file a subject, of a number, <c>Question</c>, <c>A</c>, <c>B</c>, <c>C</c>, <c>D</c>, <c>Answer</c>.</summary>
public static class CmmluReader
{
    private static readonly string[] Options = ["A", "B", "C", "D"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="path">A file named after its subject, e.g. <c>college_medicine.csv</c>.</param>
    /// <returns>The benchmark is <c>cmmlu-college-medicine</c>, ids are its name, the split and the row; the tag is <c>subject</c>.</returns>
    /// <exception cref="QuestionFormatException">A row cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var (subject, named) = BenchmarkName.Of(path);
        if (split.Length == 0) split = named;
        var benchmark = $"cmmlu-{BenchmarkName.Word(subject)}";
        foreach (var line in QuestionRecords.Read(path)) yield return SubjectExam.Of(line, benchmark, split, subject, "Question", Options, "Answer");
    }
}
