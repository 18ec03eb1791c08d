namespace Citrus.Research.Questions;

/// <summary>Question files of any known form; which one is seen from the first line's fields.</summary>
public static class QuestionFiles
{
    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="split">What a file is that does not say so itself.</param>
    /// <exception cref="QuestionFormatException">The first line is of no known form, or a line cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        if (QuestionLine.Read(path).FirstOrDefault() is not { } first) return [];
        if (first.Fields.Contains("stem")) return UnifiedQuestions.Read(path);
        if (first.Fields.Contains("question") && first.Fields.Contains("answer_idx")) return MedQaReader.Read(path, split);
        throw first.Error("", "these are no questions: our unified form has the fields id, stem, options, answers; MedQA's has question, options, answer_idx. "
            + $"Here are {string.Join(", ", first.Fields.DefaultIfEmpty("none"))}.");
    }
}
