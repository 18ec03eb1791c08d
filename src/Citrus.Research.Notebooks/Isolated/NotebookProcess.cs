using System.Text.Json;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>The other side of <see cref="IsolatedNotebookRunner"/>: what the process that runs one notebook does.</summary>
public static class NotebookProcess
{
    /// <summary>Runs the notebook that lies in a folder and writes its journal there. Ends early when its standard input does: then nobody waits for it any more.</summary>
    /// <param name="folder">The folder that <see cref="IsolatedNotebookRunner"/> made.</param>
    /// <param name="cancellationToken">Stops the running cell.</param>
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Deserialize<RunRequest>(await File.ReadAllTextAsync(Path.Combine(folder, RunRequest.RequestFile), cancellationToken).ConfigureAwait(false))!;
        var notebook = Notebook.Parse(await File.ReadAllTextAsync(Path.Combine(folder, RunRequest.NotebookFile), cancellationToken).ConfigureAwait(false), request.Name);
        var options = new NotebookRunOptions
        {
            CellTimeout = TimeSpan.FromSeconds(request.CellTimeoutSeconds),
            AllowErrors = request.AllowErrors,
            MaxStreamCharacters = request.MaxStreamCharacters,
            MaxDisplayCharacters = request.MaxDisplayCharacters,
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = Task.Run(() => WatchInputAsync(stop), CancellationToken.None);
        // Cells have nobody to ask.
        Console.SetIn(TextReader.Null);
        Environment.CurrentDirectory = request.WorkingDirectory;
        using var journal = new RunJournal(Path.Combine(folder, RunRequest.JournalFile));
        journal.Finish(await NotebookRunner.ExecuteAsync(notebook, request.Folder, options, journal, stop.Token).ConfigureAwait(false));
    }

    private static async Task WatchInputAsync(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        try
        {
            while (await input.ReadAsync(ignored).ConfigureAwait(false) > 0)
            {
            }

            await stop.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The run is over.
        }
    }
}
