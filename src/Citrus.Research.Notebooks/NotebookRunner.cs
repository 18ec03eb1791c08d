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
        options.Validate();
        var notebook = Notebook.Read(path);
        notebook.RequireCSharp();
        ParameterCell.Inject(notebook, options.Parameters);
        foreach (var cell in notebook.Cells) (cell.ExecutionCount, cell.Outputs) = (null, []);
        notebook.NameCells();
        notebook.Metadata.Remove("papermill");

        var output = options.OutputPath is null ? null : Path.GetFullPath(options.OutputPath);
        var html = options.HtmlPath is null ? null : Path.GetFullPath(options.HtmlPath);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        await OneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = options.WorkingDirectory ?? folder;
            var watch = Stopwatch.StartNew();
            var (timings, failure) = await ExecuteAsync(notebook, folder, options, output, html, cancellationToken).ConfigureAwait(false);
            Write(notebook, options, output, html);
            if (failure is not null) throw failure;
            return new NotebookRun(notebook, timings, watch.Elapsed, output, html);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            OneAtATime.Release();
        }
    }

    private static async Task<(List<CellTiming> Timings, Exception? Failure)> ExecuteAsync(
        Notebook notebook, string folder, NotebookRunOptions options, string? output, string? html, CancellationToken cancellationToken)
    {
        var sinks = new List<(Cell Cell, CellSink Sink)>();
        try
        {
            return await ExecuteAsync(notebook, folder, options, output, html, sinks, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Only now: a later cell may have replaced what an earlier one shows.
            foreach (var (cell, sink) in sinks) cell.Outputs = sink.Outputs;
        }
    }

    private static async Task<(List<CellTiming> Timings, Exception? Failure)> ExecuteAsync(
        Notebook notebook, string folder, NotebookRunOptions options, string? output, string? html, List<(Cell Cell, CellSink Sink)> sinks, CancellationToken cancellationToken)
    {
        using var executor = new CellExecutor(folder);
        using var console = new ConsoleCapture();
        var cells = notebook.Cells.Where(c => c.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Source)).ToList();
        var timings = new List<CellTiming>();
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            cell.ExecutionCount = i + 1;
            options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: false, TimeSpan.Zero, Failed: false));
            var watch = Stopwatch.StartNew();
            var sink = new CellSink(options.MaxStreamCharacters, options.MaxDisplayCharacters);
            sinks.Add((cell, sink));
            var failure = await RunCellAsync(executor, notebook, cell, sink, options, cancellationToken).ConfigureAwait(false);
            timings.Add(new CellTiming(i + 1, cell.Id, watch.Elapsed.TotalSeconds, failure is not null));
            options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: true, watch.Elapsed, failure is not null));
            if (failure is null) continue;
            if (failure.Cancelled) return (timings, new OperationCanceledException(failure.Headline(notebook.Name, cell), cancellationToken));
            // A cell that was left behind may still be at work on the same state: nothing can follow it.
            if (failure.TimedOut || !options.AllowErrors) return (timings, failure.ToException(notebook.Name, cell, output, html));
        }

        return (timings, null);
    }

    /// <summary>Runs one cell into its sink; returns what went wrong, or null.</summary>
    private static async Task<CellFailure?> RunCellAsync(
        CellExecutor executor, Notebook notebook, Cell cell, CellSink sink, NotebookRunOptions options, CancellationToken cancellationToken)
    {
        // A cell may be Markdown by its metadata alone.
        var source = cell.Language == "markdown" && Directives.LanguageOf(cell.Source) is null ? "#!markdown\n" + cell.Source : cell.Source;
        var failure = (await executor.ExecuteAsync(source, $"{notebook.Name}#{cell.ExecutionCount}", sink, options.CellTimeout, cancellationToken).ConfigureAwait(false)).Failure;
        if (failure is not null)
            sink.Add(new CellOutput(OutputKind.Error) { Name = failure.Name, Text = failure.Message, Traceback = [failure.Headline(notebook.Name, cell), .. failure.Trace] });
        sink.Close();
        return failure;
    }

    private static void Write(Notebook notebook, NotebookRunOptions options, string? output, string? html)
    {
        if (output is not null) notebook.Save(output);
        if (html is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(html)!);
        File.WriteAllText(html, NotebookPage.Render(notebook, options.PlotlyScript));
    }
}
