namespace Citrus.Research.Questions;

/// <summary>Question files of any known form; which one is seen from the first line's fields, or from the ending <c>.xlsx</c>.</summary>
public static class QuestionFiles
{
    private const string Known = "our unified form (id, stem, options, answers), MedQA's (question, options, answer_idx), the unified form of the paper's repository (exam_name, id, Q, A, OP), and JMED's published .xlsx";

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="split">What a file is that does not say so itself.</param>
    /// <exception cref="QuestionFormatException">The first line is of no known form, or a line cannot be read.</exception>
    public static IEnumerable<Question> Read(string path, string split = "")
    {
        if (path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase)) return JmedReader.Read(path, split);
        if (IsArchive(path)) throw new QuestionFormatException(path, 0, "", "this is a zip archive. A spreadsheet's name must end in .xlsx; anything else must be unpacked first.");
        if (QuestionLine.Read(path).FirstOrDefault() is not { } first) return [];
        bool Has(params ReadOnlySpan<string> fields)
        {
            foreach (var field in fields)
                if (!first.Fields.Contains(field)) return false;
            return true;
        }

        if (Has("stem")) return UnifiedQuestions.Read(path);
        if (Has("question", "answer_idx")) return MedQaReader.Read(path, split);
        if (Has("Q", "A", "OP")) return CitrusUnifiedReader.Read(path, split);
        throw first.Error("", $"these are no questions. Known are {Known}. Here are {string.Join(", ", first.Fields.Take(30).DefaultIfEmpty("none"))}.");
    }

    private static bool IsArchive(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\u0003\u0004"u8);
    }
}
