namespace Citrus.Research.Questions;

/// <summary>Reads a question file in which some lines may be broken.</summary>
public static class TolerantQuestions
{
    /// <summary>The questions of a file; lines that cannot be read are left out, up to a bound.</summary>
    /// <param name="most">Most lines that may be left out, 0 or more.</param>
    /// <param name="skipped">What was wrong with each line that was left out, in file order.</param>
    /// <exception cref="QuestionFormatException">One line more cannot be read (the message says so), an id is there twice, or the file as a whole is not to be understood.</exception>
    public static IReadOnlyList<Question> Read(string path, int most, out IReadOnlyList<QuestionFormatException> skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        path = QuestionFiles.PathOf(path);
        // Only where a line is a record can one be left out without touching the next.
        if (most > 0 && QuestionRecords.IsOneRecordALine(path) is false) most = 0;
        var broken = new SortedDictionary<int, QuestionFormatException>();
        skipped = [];
        var copy = (string?)null;
        try
        {
            while (true)
            {
                try
                {
                    var questions = QuestionFiles.Read(copy ?? path).ToList();
                    skipped = [.. broken.Values];
                    return questions;
                }
                catch (QuestionFormatException error) when (most > 0 && error.Line > 0 && !IsDuplicate(error))
                {
                    var here = copy is null ? error : new QuestionFormatException(path, error.Line, error.Field, Problem(error), error);
                    if (broken.ContainsKey(error.Line)) throw;
                    if (broken.Count == most) throw new QuestionFormatException(path, error.Line, error.Field, $"{Problem(error)} {most + 1} lines cannot be read, the first of them line {broken.Keys.First()}; mend them, or allow more than {most}.", error);
                    broken.Add(error.Line, here);
                    // Every reader passes over blank lines, so a copy without the broken ones keeps the numbers of the others.
                    copy ??= Path.Combine(Directory.CreateTempSubdirectory("citrus-questions-").FullName, Path.GetFileName(path));
                    Blank(path, copy, broken.Keys);
                }
            }
        }
        finally
        {
            if (copy is not null) Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
        }
    }

    // An id that comes twice is no broken line: which of the two is meant, nobody can tell.
    private static bool IsDuplicate(QuestionFormatException error) => error.Field == "id" && error.Message.Contains("already in line", StringComparison.Ordinal);

    private static string Problem(QuestionFormatException error)
    {
        var head = $"{error.File}{(error.Line > 0 ? $", line {error.Line}" : "")}{(error.Field.Length > 0 ? $", field {error.Field}" : "")}: ";
        return error.Message.StartsWith(head, StringComparison.Ordinal) ? error.Message[head.Length..] : error.Message;
    }

    private static void Blank(string from, string to, IReadOnlyCollection<int> lines)
    {
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        var buffer = new byte[1 << 16];
        var number = 1;
        var blank = lines.Contains(number);
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            var start = 0;
            while (start < read)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                var stop = end < 0 ? read : end;
                if (!blank) target.Write(buffer, start, stop - start);
                start = stop;
                if (end < 0) break;
                target.WriteByte((byte)'\n');
                start++;
                blank = lines.Contains(++number);
            }
        }
    }
}
