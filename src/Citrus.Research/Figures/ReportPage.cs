using System.Globalization;
using System.Text;
using Citrus.Research.Pathways;

namespace Citrus.Research.Figures;

/// <summary>
/// One HTML file that shows every question of some runs with all that was said: works from <c>file://</c> without network, and executes nothing that a model wrote.
/// </summary>
/// <example><code>
/// var page = ReportPage.Open(["results/runs/base", "results/runs/dual"]);
/// page.Save("results/runs/report.html");
/// page.Table   // the score table; shows as a table in a notebook
/// </code></example>
public sealed class ReportPage
{
    private readonly IReadOnlyList<ReportRow> _rows;

    private ReportPage(IReadOnlyList<ReportRun> runs, IReadOnlyList<ReportRow> rows, IReadOnlyList<ReportScore> scores, IReadOnlyList<string> problems, ReportOptions options) =>
        (Runs, _rows, Scores, Problems, Options) = (runs, rows, scores, problems, options);

    /// <summary>The runs, in the order given.</summary>
    public IReadOnlyList<ReportRun> Runs { get; }

    /// <summary>The score table.</summary>
    public IReadOnlyList<ReportScore> Scores { get; }

    /// <summary>What is wrong with the inputs, in sentences; the page shows them.</summary>
    public IReadOnlyList<string> Problems { get; }

    public ReportOptions Options { get; }

    /// <summary>Questions on the page: those of all runs, the same one once.</summary>
    public int Questions => _rows.Count;

    /// <summary>Samples and traces on the page.</summary>
    public int Samples => _rows.Sum(r => r.Entries.Count);

    /// <summary>The score table for a notebook or a CSV file.</summary>
    public FigureTable Table => FigureTable.Of(Scores);

    /// <summary>The page of some folders.</summary>
    /// <param name="folders">Run folders; see <see cref="ReportRun.Open"/>.</param>
    /// <param name="traces">A synthesis run's <c>traces.jsonl</c> to show beside the same questions; null for none.</param>
    /// <param name="questions">The questions' file where a folder has none of its own.</param>
    /// <param name="options">Title and limits.</param>
    /// <exception cref="InvalidDataException">A file is broken, or the inputs are larger than a page may be; the message says which and what to do.</exception>
    /// <exception cref="FileNotFoundException">A folder is none of a run.</exception>
    public static ReportPage Open(IReadOnlyList<string> folders, string? traces = null, string? questions = null, ReportOptions? options = null)
    {
        options ??= new ReportOptions();
        var budget = new ReportBudget(options);
        if (folders.Count > options.MaximumRuns) throw new ArgumentException($"{folders.Count} runs; a page puts at most {options.MaximumRuns} side by side.");
        if (folders.GroupBy(Path.GetFullPath, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"The run {twice.First()} is given twice.");
        var runs = folders.Select(f => ReportFolder.Read(f, questions, budget)).ToList();
        var names = ReportNames.Of(folders);
        var problems = new List<string>();
        if (traces is not null && !File.Exists(traces)) throw new FileNotFoundException($"--traces {traces}: no such file; name the traces.jsonl of a synthesis.");
        var beside = traces is null ? [] : ReportFolder.Traces(traces, budget, problems);
        var page = Of([.. runs.Select((r, i) => r with { Name = names[i] })], beside, options);
        return problems.Count == 0 ? page : new ReportPage(page.Runs, page._rows, page.Scores, [.. page.Problems, .. problems], options);
    }

    /// <summary>The page of runs that are in memory.</summary>
    /// <param name="runs">At least one; their names differ.</param>
    /// <param name="traces">Traces to show beside the questions they are of; null for none.</param>
    /// <param name="options">Title and limits.</param>
    /// <exception cref="ArgumentException">No run, too many, or two of one name.</exception>
    public static ReportPage Of(IReadOnlyList<ReportRun> runs, IReadOnlyList<Trace>? traces = null, ReportOptions? options = null)
    {
        options = (options ?? new ReportOptions()).Validated();
        if (runs.Count == 0) throw new ArgumentException("A report needs at least one run.", nameof(runs));
        if (runs.Count > options.MaximumRuns) throw new ArgumentException($"{runs.Count} runs; a page puts at most {options.MaximumRuns} side by side.", nameof(runs));
        if (runs.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two runs are called {twice.Key}; names tell the runs of a page apart.", nameof(runs));
        var (rows, problems) = ReportRows.Join(runs, traces ?? [], options);
        var scores = runs.SelectMany((run, i) => ReportScore.Of(i, run, rows, problems)).ToList();
        return new ReportPage(runs, rows, scores, problems, options);
    }

    /// <summary>Writes the page; the file appears whole or not at all.</summary>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var part = path + ".part";
        try
        {
            using (var stream = File.Create(part)) Write(stream);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The page as text.</summary>
    public string ToHtml()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    private void Write(Stream stream)
    {
        void Text(string text) => stream.Write(Encoding.UTF8.GetBytes(text));
        Text(ReportHtml.Head(this));
        var data = new ReportData(Runs, _rows);
        var chunks = data.WriteChunks((number, json) =>
        {
            Text(string.Create(CultureInfo.InvariantCulture, $"<script type=\"application/json\" id=\"chunk-{number}\">"));
            stream.Write(json);
            Text("</script>\n");
        });
        Text("<script type=\"application/json\" id=\"index\">");
        stream.Write(data.Index(chunks).Span);
        Text("</script>\n");
        Text(ReportHtml.Tail());
    }
}
