using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Microsoft.CodeAnalysis.Scripting;

namespace Citrus.Research.Notebooks;

/// <summary>Executes C# notebooks from top to bottom in this process, one notebook at a time.</summary>
public static class NotebookRunner
{
    // The console and the current folder belong to the process.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>How long a cell that was told to stop is waited for before it is left behind.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

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
        using var session = new CSharpSession(folder, new CellContext());
        using var console = new ConsoleCapture();
        var cells = notebook.Cells.Where(c => c.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Source)).ToList();
        var timings = new List<CellTiming>();
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = cells[i];
            cell.ExecutionCount = i + 1;
            options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: false, TimeSpan.Zero, Failed: false));
            var watch = Stopwatch.StartNew();
            var failure = await RunCellAsync(session, notebook, cell, options, cancellationToken).ConfigureAwait(false);
            timings.Add(new CellTiming(i + 1, cell.Id, watch.Elapsed.TotalSeconds, failure is not null));
            options.Progress?.Invoke(new CellProgress(i + 1, cells.Count, cell.Title, Finished: true, watch.Elapsed, failure is not null));
            if (failure is null) continue;
            if (failure.Cancelled) return (timings, new OperationCanceledException(failure.Headline(notebook.Name, cell), cancellationToken));
            // A cell that was left behind may still be at work on the same state: nothing can follow it.
            if (failure.TimedOut || !options.AllowErrors) return (timings, failure.ToException(notebook.Name, cell, output, html));
        }

        return (timings, null);
    }

    /// <summary>Runs one cell and fills in its outputs; returns what went wrong, or null.</summary>
    private static async Task<CellFailure?> RunCellAsync(
        CSharpSession session, Notebook notebook, Cell cell, NotebookRunOptions options, CancellationToken cancellationToken)
    {
        var sink = new CellSink(options);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = StartAsync(session, $"{notebook.Name}#{cell.ExecutionCount}", cell.Source, sink, stop.Token);
        var first = await Task.WhenAny(work, Task.Delay(options.CellTimeout, stop.Token)).ConfigureAwait(false);
        CellFailure? failure;
        if (first == work && !cancellationToken.IsCancellationRequested)
        {
            failure = await work.ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            stop.Dispose();
        }
        else
        {
            failure = cancellationToken.IsCancellationRequested ? CellFailure.OfCancellation() : CellFailure.OfTimeout(options.CellTimeout);
            // Not awaited for long, and not disposed: aborting a thread that sits in native code blocks until it comes back.
            var stopping = Task.Run(stop.Cancel, CancellationToken.None);
            await Task.WhenAny(Task.WhenAll(work, stopping), Task.Delay(Grace, CancellationToken.None)).ConfigureAwait(false);
        }

        if (failure is not null)
            sink.Add(new CellOutput(OutputKind.Error) { Name = failure.Name, Text = failure.Message, Traceback = [failure.Headline(notebook.Name, cell), .. failure.Trace] });
        cell.Outputs = sink.Close();
        return failure;
    }

    /// <summary>Compiles and runs on a thread of its own, which can be aborted: a loop that never ends must not take the host with it.</summary>
    private static Task<CellFailure?> StartAsync(CSharpSession session, string name, string source, CellSink sink, CancellationToken stop)
    {
        var done = new TaskCompletionSource<CellFailure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(Work, maxStackSize: 16 << 20) { IsBackground = true, Name = name };
        thread.Start();
        return done.Task;

        void Work()
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            CellSink.Current = sink;
            try
            {
                var compiled = session.Compile(source, name, stop);
                Task<ScriptState>? running = null;
#pragma warning disable SYSLIB0046 // made for this: running a person's code in a shell that must survive it
                ControlledExecution.Run(() => running = session.RunAsync(compiled, stop), stop);
#pragma warning restore SYSLIB0046
                _ = Finish(running!, compiled);
            }
            catch (Exception e)
            {
                done.TrySetResult(CellFailure.Of(e, name));
            }
        }

        async Task Finish(Task<ScriptState> running, CompiledCell compiled)
        {
            try
            {
                var state = await running.ConfigureAwait(false);
                if (state.Exception is null && compiled.ReturnsValue && state.ReturnValue is not DisplayedValue)
                    sink.Add(new CellOutput(OutputKind.Result) { Data = MimeBundle.Of(state.ReturnValue, []) });
                done.TrySetResult(state.Exception is null ? null : CellFailure.Of(state.Exception, name));
            }
            catch (Exception e)
            {
                done.TrySetResult(CellFailure.Of(e, name));
            }
        }
    }

    private static void Write(Notebook notebook, NotebookRunOptions options, string? output, string? html)
    {
        if (output is not null) notebook.Save(output);
        if (html is null) return;
        Directory.CreateDirectory(Path.GetDirectoryName(html)!);
        File.WriteAllText(html, NotebookPage.Render(notebook, options.PlotlyScript));
    }
}
