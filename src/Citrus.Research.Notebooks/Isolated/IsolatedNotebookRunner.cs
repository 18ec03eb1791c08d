using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>
/// Runs a notebook in a process of its own: its state is fresh, and whatever a cell does to the process (an exit, a stack overflow, an endless loop in native code),
/// the outputs of the cells before it are kept.
/// </summary>
public static class IsolatedNotebookRunner
{
    /// <summary>How much longer than a cell may take its process is waited for: it stops the cell itself where it still can.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a notebook. What was asked for is written in any case, up to and with the cell that failed.</summary>
    /// <param name="path">The notebook.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="child">
    /// Starts a program that calls <see cref="NotebookProcess.RunAsync"/> with the folder that is appended to the arguments.
    /// </param>
    /// <param name="console">Takes what the process writes on nobody's behalf, such as native libraries' notes.</param>
    /// <param name="cancellationToken">Stops the running cell, and after some seconds the process.</param>
    /// <exception cref="NotebookFormatException">The notebook cannot be run as it stands; nothing was executed.</exception>
    /// <exception cref="CellFailedException">A cell did not compile, threw, ran past its time, or ended the process.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<NotebookRun> RunAsync(string path, NotebookRunOptions options, ProcessStartInfo child, TextWriter console, CancellationToken cancellationToken)
    {
        var notebook = NotebookRunner.Prepare(path, options);
        var home = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var folder = Directory.CreateTempSubdirectory("citrus-run-").FullName;
        var watch = Stopwatch.StartNew();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, RunRequest.NotebookFile), notebook.ToJson(), cancellationToken).ConfigureAwait(false);
            var request = new RunRequest(notebook.Name, home, Path.GetFullPath(options.WorkingDirectory ?? home), options.CellTimeout.TotalSeconds, options.AllowErrors, options.MaxStreamCharacters, options.MaxDisplayCharacters);
            await File.WriteAllTextAsync(Path.Combine(folder, RunRequest.RequestFile), JsonSerializer.Serialize(request), cancellationToken).ConfigureAwait(false);
            var end = await FollowAsync(notebook, options, child, folder, console, cancellationToken).ConfigureAwait(false);
            return NotebookRunner.Finish(notebook, options, end, watch.Elapsed, cancellationToken);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static async Task<NotebookEnd> FollowAsync(
        Notebook notebook, NotebookRunOptions options, ProcessStartInfo child, string folder, TextWriter console, CancellationToken cancellationToken)
    {
        child.ArgumentList.Add(folder);
        child.UseShellExecute = false;
        child.RedirectStandardInput = child.RedirectStandardOutput = child.RedirectStandardError = true;
        child.StandardOutputEncoding = child.StandardErrorEncoding = Encoding.UTF8;
        using var process = new Process { StartInfo = child };
        var last = new LastWords(console);
        process.OutputDataReceived += (_, line) => last.Pass(line.Data);
        process.ErrorDataReceived += (_, line) => last.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using var journal = new JournalReader(Path.Combine(folder, RunRequest.JournalFile));
            var state = new FollowedRun(notebook, options);
            var cancelled = new Stopwatch();
            while (true)
            {
                var over = process.HasExited;
                state.Take(journal.Read());
                if (state.Finished || over) break;
                if (cancellationToken.IsCancellationRequested && !cancelled.IsRunning)
                {
                    cancelled.Start();
                    // The process stops its cell when its input ends.
                    process.StandardInput.Close();
                }

                if (cancelled.Elapsed > Grace) return state.Stopped(CellFailure.OfCancellation());
                if (state.CellTime > options.CellTimeout + Grace) return state.Stopped(CellFailure.OfTimeout(options.CellTimeout));
                await Task.Delay(Glance, CancellationToken.None).ConfigureAwait(false);
            }

            if (state.End is { } end) return end;
            if (cancellationToken.IsCancellationRequested) return state.Stopped(CellFailure.OfCancellation());
            await last.SettleAsync().ConfigureAwait(false);
            if (state.Cell is null) throw new IOException($"The process for {notebook.Name} ended before its first cell (exit code {process.ExitCode}): {last.Text.Trim()}");
            return state.Stopped(LostProcess.Explain(process.ExitCode, last.Text, notebook.Name, state.Cell.ExecutionCount!.Value));
        }
        finally
        {
            // A cell that was left behind, and whatever the cells started, go with it.
            if (!process.HasExited) Kill(process);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself just now.
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process on its way out still holds the journal; the folder is in the temporary directory.
        }
    }
}
