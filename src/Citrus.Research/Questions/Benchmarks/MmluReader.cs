namespace Citrus.Research.Questions.Benchmarks;

/// <summary>MMLU (Hendrycks et al. 2021) as published: one CSV file a subject without a header, of question, four options and the right label.</summary>
public static class MmluReader
{
    /// <summary>The six subjects that medical papers report.</summary>
    public static IReadOnlyList<string> MedicalSubjects { get; } = ["anatomy", "clinical_knowledge", "college_biology", "college_medicine", "medical_genetics", "professional_medicine"];

    private static readonly string[] Options = ["2", "3", "4", "5"];

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="path">A file named after its subject and split, e.g. <c>college_medicine_test.csv</c>.</param>
    /// <param name="split">What the file is; where empty what its name says.</param>
    /// <returns>The benchmark is <c>mmlu-college-medicine</c>, ids are its name, the split and the row; the tag is <c>subject</c>.</returns>
    /// <exception cref="QuestionFormatException">A row cannot be read; the columns are called 1 to 6.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        var (subject, named) = BenchmarkName.Of(path);
        if (split.Length == 0) split = named;
        var benchmark = $"mmlu-{BenchmarkName.Word(subject)}";
        foreach (var line in CsvRecords.ReadHeaderless(path))
        {
            if (line.Try("7", out _)) throw line.Error("7", "there are more than six columns; question, four options and the right label are needed.");
            yield return SubjectExam.Of(line, benchmark, split, subject, "1", Options, "6");
        }
    }

    /// <summary>Whether a first row is a question already: six fields, the last a label.</summary>
    internal static bool Fits(IReadOnlyList<string> first) => first.Count == 6 && first[5].Trim() is [>= 'A' and <= 'D'] && !first[0].Trim().Equals("question", StringComparison.OrdinalIgnoreCase);
}
