using System.Diagnostics;

namespace Citrus.Research.Notebooks;

/// <summary>Executes C# notebooks from top to bottom in this process, one notebook at a time.</summary>
public static class NotebookRunner
{
    // The console and the current folder belong to the process.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Runs a notebook. What was asked for is written in any case, up to and with the cell that failed.</summary>
    /// <param name="path">The notebook.</param>
    /// <param name="options">How to run it; null means defaults.</param>
    /// <param name="cancellationToken">Stops the running cell: at once where it loops in managed code, else where it next yields.</param>
    /// <exception cref="NotebookFormatException">The notebook cannot be run as it stands; nothing was executed.</exception>
    /// <exception cref="CellFailedException">A cell did not compile, threw, or ran past its time.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<NotebookRun> RunAsync(string path, NotebookRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new NotebookRunOptions();
        var notebook = Prepare(path, options);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        await OneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        var before = Environment.CurrentDirectory;
        // Before the current folder changes, against which they may be relative.
        options = options with { OutputPath = Full(options.OutputPath), HtmlPath = Full(options.HtmlPath) };
        try
        {
            Environment.CurrentDirectory = options.WorkingDirectory ?? folder;
            var watch = Stopwatch.StartNew();
            var end = await ExecuteAsync(notebook, folder, options, null, cancellationToken).ConfigureAwait(false);
            return Finish(notebook, options, end, watch.Elapsed, cancellationToken);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            OneAtATime.Release();
        }
    }

    /// <summary>Reads a notebook and makes it ready to run: parameters are in, outputs of earlier runs are gone.</summary>
    /// <exception cref="NotebookFormatException">The notebook cannot be run as it stands.</exception>
    internal static Notebook Prepare(string path, NotebookRunOptions options)
    {
        options.Validate();
        var notebook = Notebook.ReadSources(path);
        notebook.RequireCSharp();
        ParameterCell.Inject(notebook, options.Parameters);
        foreach (var cell in notebook.Cells) (cell.ExecutionCount, cell.Outputs) = (null, []);
        notebook.NameCells();
        notebook.NameLanguage();
        notebook.Metadata.Remove("papermill");
        return notebook;
    }

    /// <summary>The cells that are executed.</summary>
    internal static List<Cell> Executed(Notebook notebook) => [.. notebook.Cells.Where(c => c.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Source))];

    /// <summary>Runs the cells and fills in their outputs.</summary>
    /// <param name="witness">Told of each cell; null where nobody is.</param>
    internal static async Task<NotebookEnd> ExecuteAsync(Notebook notebook, string folder, NotebookRunOptions options, ICellWitness? witness, CancellationToken cancellationToken)
    {
        var sinks = new List<(Cell Cell, CellSink Sink)>();
        var timings = new List<CellTiming>();
        using var executor = new CellExecutor(folder);
        using var console = new ConsoleCapture();
        try
        {
            var cells = Executed(notebook);
            for (var i = 0; i < cells.Count; i++)
            {
                var cell = cells[i];
                cell.ExecutionCount = i + 1;
                options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: false, TimeSpan.Zero, Failed: false));
                var sink = new CellSink(options.MaxStreamCharacters, options.MaxDisplayCharacters);
                sinks.Add((cell, sink));
                witness?.Begins(i + 1, sink);
                // A cell may be Markdown by its metadata alone.
                var source = cell.Language == "markdown" && Directives.LanguageOf(cell.Source) is null ? "#!markdown\n" + cell.Source : cell.Source;
                var result = await executor.ExecuteAsync(source, $"{notebook.Name}#{i + 1}", sink, options.CellTimeout, cancellationToken).ConfigureAwait(false);
                var failure = result.Failure;
                if (failure is not null) sink.Add(failure.ToOutput(notebook.Name, cell));
                sink.Close();
                var timing = new CellTiming(i + 1, cell.Id, result.Elapsed.TotalSeconds, failure is not null) { PeakMegabytes = ProcessMemory.PeakMegabytes };
                timings.Add(timing);
                witness?.Ended(timing, sink);
                options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: true, result.Elapsed, failure is not null));
                if (failure is null) continue;
                // A cell that was left behind may still be at work on the same state: nothing can follow it.
                if (failure.Cancelled || result.LeftBehind || !options.AllowErrors) return new NotebookEnd(timings, failure, cell);
            }

            return new NotebookEnd(timings, null, null);
        }
        finally
        {
            // Only now: a later cell may have replaced what an earlier one shows.
            foreach (var (cell, sink) in sinks) cell.Outputs = sink.Outputs;
        }
    }

    /// <summary>Writes what was asked for, and tells how the run ended.</summary>
    internal static NotebookRun Finish(Notebook notebook, NotebookRunOptions options, NotebookEnd end, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        Write(notebook, options, options.OutputPath, options.HtmlPath);
        if (end.Failure is { Cancelled: true } stopped) throw new OperationCanceledException(end.Cell is null ? stopped.Message : stopped.Headline(notebook.Name, end.Cell), cancellationToken);
        if (end.Failure is not null) throw end.Failure.ToException(notebook.Name, end.Cell!, options, end.Timings);
        return new NotebookRun(notebook, end.Timings, elapsed, options.OutputPath, options.HtmlPath);
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private static void Write(Notebook notebook, NotebookRunOptions options, string? output, string? html)
    {
        if (output is not null) notebook.Save(output);
        if (html is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(html)!);
        File.WriteAllText(html, NotebookPage.Render(notebook, options.PlotlyScript));
    }
}
