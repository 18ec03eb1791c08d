using System.CommandLine;
using System.Diagnostics;
using Citrus.Research.Figures;
using Citrus.Research.Notebooks;
using Citrus.Research.Notebooks.Isolated;

namespace Citrus.Research.Cli;

/// <summary><c>citrus notebook run</c>.</summary>
internal static class NotebookRunVerb
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Notebooks (.ipynb).", Arity = ArgumentArity.OneOrMore };
        var parameters = new Option<string[]>("--param") { Description = "name=value for the cell tagged `parameters`; repeat it. A list is written 1,2,3 or as JSON." };
        var folder = new Option<string>("--out") { Description = "Folder of the executed copies and their HTML pages.", DefaultValueFactory = _ => Path.Combine("results", "runs", "notebooks") };
        var html = new Option<bool>("--html") { Description = "An HTML page beside each executed copy; --html false leaves it out.", DefaultValueFactory = _ => true };
        var timeout = new Option<double>("--timeout") { Description = "Most seconds a cell may take.", DefaultValueFactory = _ => 3600 };
        var allow = new Option<bool>("--allow-errors") { Description = "Go on after a failing cell; the errors are outputs of their cells." };
        return Verb.Create("run", "Run notebooks top to bottom, each in a process of its own; stops at the first failing cell with its number, line and message. What ran before it is kept.",
            "citrus notebook run notebooks/05-pathway-ablation.ipynb --param scale=smoke",
            (parse, cancellation) =>
            {
                var notebooks = parse.GetValue(files)!;
                var seconds = parse.GetValue(timeout);
                if (!(seconds > 0 && seconds < 10_000_000)) throw new ArgumentException($"--timeout {seconds}: more than 0 seconds, and less than a few months.");
                foreach (var twins in notebooks.GroupBy(f => Path.GetFileNameWithoutExtension(f.Name), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                    throw new ArgumentException($"{string.Join(" and ", twins.Select(t => t.FullName))} would have the same executed copy; run them with two values of --out.");
                var values = Parameters(parse.GetValue(parameters) ?? []);
                return Run(notebooks.Select(f => f.FullName), parse.GetValue(folder)!, values, TimeSpan.FromSeconds(seconds), parse.GetValue(allow), parse.GetValue(html), cancellation);
            }, files, parameters, folder, html, timeout, allow);
    }

    /// <summary>Runs one notebook and returns the executed copy and its page.</summary>
    /// <exception cref="CellFailedException">A cell failed; the message names it.</exception>
    public static IReadOnlyList<string> Execute(string path, string folder, IReadOnlyDictionary<string, object?> parameters, TimeSpan timeout, CancellationToken cancellation)
    {
        var run = RunOne(path, folder, parameters, timeout, allowErrors: false, html: true, cancellation);
        return [.. new[] { run.OutputPath, run.HtmlPath }.OfType<string>()];
    }

    private static VerbResult Run(
        IEnumerable<string> paths, string folder, Dictionary<string, object?> parameters, TimeSpan timeout, bool allowErrors, bool html, CancellationToken cancellation)
    {
        var outputs = new List<string>();
        var told = new List<object>();
        var peak = 0L;
        string? error = null;
        foreach (var path in paths)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                var run = RunOne(path, folder, parameters, timeout, allowErrors, html, cancellation);
                Keep(run.OutputPath, run.HtmlPath);
                Tell(path, run.Cells, clock.Elapsed);
                var failed = run.Cells.Count(c => c.Failed);
                Verb.Say($"{Path.GetFileName(path)}: {run.Cells.Count} cells{(failed == 0 ? "" : $", {failed} of them failed")}, {ProgressDisplay.Duration(run.Elapsed)}, {run.PeakMegabytes} MB at most");
            }
            catch (CellFailedException failure)
            {
                Keep(failure.OutputPath, failure.HtmlPath);
                Tell(path, failure.Cells, clock.Elapsed);
                error = $"{failure.Message}{Environment.NewLine}What ran up to there is in {failure.OutputPath}";
                break;
            }
            catch (OperationCanceledException stopped) when (cancellation.IsCancellationRequested)
            {
                throw new StoppedException($"{stopped.Message} What ran is in {Path.Combine(folder, Path.GetFileName(path))}.");
            }
        }

        return new VerbResult(outputs, ("notebooks", told), ("notebookPeakMB", peak)) { Error = error };

        void Keep(string? executed, string? page) => outputs.AddRange(new[] { executed, page }.OfType<string>());

        void Tell(string path, IReadOnlyList<CellTiming> cells, TimeSpan time)
        {
            var most = cells.Count == 0 ? 0 : cells.Max(c => c.PeakMegabytes);
            peak = Math.Max(peak, most);
            told.Add(new
            {
                File = Path.GetFileName(path),
                Seconds = Math.Round(time.TotalSeconds, 2),
                PeakMB = most,
                Cells = cells.Select(c => new { c.Number, Id = c.CellId, Seconds = Math.Round(c.Seconds, 3), PeakMB = c.PeakMegabytes, c.Failed }),
            });
        }
    }

    private static NotebookRun RunOne(
        string path, string folder, IReadOnlyDictionary<string, object?> parameters, TimeSpan timeout, bool allowErrors, bool html, CancellationToken cancellation)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no notebook {path}.");
        Directory.CreateDirectory(folder);
        var name = Path.GetFileNameWithoutExtension(path);
        var copy = Path.GetFullPath(Path.Combine(folder, name + ".ipynb"));
        if (string.Equals(copy, Path.GetFullPath(path), StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"--out {folder} is the notebook's own folder: the executed copy would replace {path}.");
        var told = DateTime.MinValue;
        return IsolatedNotebookRunner.RunAsync(path, new NotebookRunOptions
        {
            OutputPath = copy,
            HtmlPath = html ? Path.ChangeExtension(copy, ".html") : null,
            Parameters = parameters,
            CellTimeout = timeout,
            AllowErrors = allowErrors,
            PlotlyScript = html ? PlotlyScript.Text() : null,
            Progress = p => Report(name, p, ref told),
        }, OwnProcess.Start("notebook", NotebookVerbs.Child), Console.Error, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>A line when a cell begins and when it ends, and every so often the last that a long one has said: studies tell there how long they still take.</summary>
    private static void Report(string name, CellProgress news, ref DateTime told)
    {
        if (news.Note is not null && DateTime.UtcNow - told < TimeSpan.FromSeconds(10)) return;
        told = DateTime.UtcNow;
        var text = news.Note is { } note ? $"... {(note.Length > 160 ? note[..160] : note)}"
            : news.Finished ? $"{(news.Failed ? "failed" : "done")} after {ProgressDisplay.Duration(news.Elapsed)}" : news.Title;
        Console.Error.WriteLine($"{name}: cell {news.Number}/{news.Count} {text}");
    }

    private static Dictionary<string, object?> Parameters(string[] given)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, var value]) throw new ArgumentException($"--param {text}: write it as name=value.");
            if (!values.TryAdd(name, value)) throw new ArgumentException($"--param {name} is given twice.");
        }

        return values;
    }
}
