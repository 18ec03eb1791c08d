using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Questions;

/// <summary>Question files of any known form, by path or by the name of a published benchmark. Which form it is is seen from the file, or said.</summary>
public static class QuestionFiles
{
    /// <summary>What can be said a file is: the forms, each with the fields by which it is known.</summary>
    public static IReadOnlyDictionary<string, string> Forms { get; } = QuestionForms.All.ToDictionary(f => f.Name, f => f.Fields, StringComparer.Ordinal);

    /// <summary>The questions of a file in file order, streaming.</summary>
    /// <param name="source">A path, or the name of a benchmark of the manifest whose file is in the data folder (<see cref="BenchmarkFolder"/>). A file of that name goes first.</param>
    /// <param name="split">What a file is that does not say so itself; a benchmark's own split where empty.</param>
    /// <param name="benchmark">What the file is: a form (<see cref="Forms"/>) or a benchmark of the manifest. Where null it is seen from the first record.</param>
    /// <param name="leftOut">
    /// Gets a note for each record that is no question of the benchmark (another category) or cannot be asked (no published answer, an image). Nothing else is ever left out.
    /// </param>
    /// <exception cref="QuestionFormatException">There is no such file or name, the first record is of no known form, or a record cannot be read.</exception>
    public static IEnumerable<Question> Read(string source, string split = "", string? benchmark = null, ICollection<QuestionFormatException>? leftOut = null)
    {
        var path = PathOf(source);
        if (path != source) benchmark ??= source;
        var entry = benchmark is null ? null : BenchmarkManifest.Default.Find(benchmark);
        var form = benchmark is null ? null
            : QuestionForms.Find(entry?.Form ?? benchmark) ?? throw new QuestionFormatException(path, 0, "", $"there is no benchmark or form {benchmark}. Forms are {string.Join(", ", Forms.Keys)}; `citrus data list` names the benchmarks.");
        if (IsArchive(path) && !IsWorkbook(path)) throw new QuestionFormatException(path, 0, "", "this is a zip archive. A spreadsheet's name must end in .xlsx; anything else must be unpacked first.");
        if (IsWorkbook(path) && form is { Name: not QuestionForms.Workbook }) throw new QuestionFormatException(path, 0, "", $"a workbook is read as JMED only, not as {form.Name}; save it as CSV.");
        form ??= FormOf(path);
        return form is null ? [] : form.Read(new QuestionSource(path, split.Length > 0 ? split : entry?.Split ?? "", entry, leftOut));
    }

    /// <summary>Where the questions of a source are: the path itself, or the file of the benchmark of this name.</summary>
    /// <exception cref="QuestionFormatException">There is neither such a file nor such a name, or the benchmark's file is not in the data folder.</exception>
    public static string PathOf(string source)
    {
        if (File.Exists(source)) return source;
        if (Directory.Exists(source)) throw new QuestionFormatException(source, 0, "", "this is a folder; name a file of questions.");
        if (BenchmarkManifest.Default.Find(source) is { } entry)
            return BenchmarkFolder.PathOf(entry) is var path && File.Exists(path) ? path
                : throw new QuestionFormatException(source, 0, "", $"the benchmark is not in the data folder ({path} is missing). Run `citrus data get {source}`.");
        throw new QuestionFormatException(source, 0, "", source.AsSpan().ContainsAny('/', '\\', '.') ? "no such file." : "no such file, and no benchmark of this name; `citrus data list` names them.");
    }

    private static QuestionForm? FormOf(string path)
    {
        var shape = QuestionRecords.ShapeOf(path);
        if (shape == RecordShape.Workbook) return QuestionForms.Find(QuestionForms.Workbook);
        QuestionLine? first;
        if (shape == RecordShape.Table)
        {
            // A table is known by its header: its first row may have blank cells.
            var header = CsvRecords.First(path);
            if (MmluReader.Fits(header)) return QuestionForms.Find(QuestionForms.Headerless);
            first = header.Count == 0 ? null : CsvRecords.Header(path, header);
        }
        else
        {
            first = QuestionRecords.Read(path).FirstOrDefault();
        }

        if (first is null) return null;
        return QuestionForms.All.FirstOrDefault(f => f.Fits(first))
            ?? throw first.Error("", $"these are no questions. Known are {string.Join("; ", QuestionForms.All.Select(f => $"{f.Name} ({f.Fields})"))}. Here are {string.Join(", ", first.Fields.Take(30).DefaultIfEmpty("none"))}.");
    }

    private static bool IsWorkbook(string path) => path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase);

    private static bool IsArchive(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, 4, throwOnEndOfStream: false) == 4 && start.SequenceEqual("PK\u0003\u0004"u8);
    }
}
