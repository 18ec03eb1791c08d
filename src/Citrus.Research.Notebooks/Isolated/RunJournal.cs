using System.Text;
using System.Text.Json;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>
/// Writes down each cell as it begins, shows something and ends, so that nothing is lost with the process. What the running cell has shown is written down every
/// second or some, and when the process is told to exit.
/// </summary>
internal sealed class RunJournal : ICellWitness, IDisposable
{
    // A cell that shows more is written down when it is over; each second would be too much.
    private const int MaxInterim = 2_000_000;

    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly List<(int Cell, CellSink Sink, string Written)> cells = [];
    private readonly Timer timer;
    private bool running;
    private DateTime nextInterim;

    public RunJournal(string path)
    {
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        timer = new Timer(_ => Interim(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public void Begins(int number, CellSink sink)
    {
        lock (gate)
        {
            cells.Add((number, sink, ""));
            (running, nextInterim) = (true, default);
            Write(new JournalEntry(JournalKind.Begun, number));
        }
    }

    public void Ended(CellTiming timing, CellSink sink)
    {
        lock (gate)
        {
            running = false;
            WriteOutputs(cells.Count - 1);
            Write(new JournalEntry(JournalKind.Ended, timing.Number) { Timing = timing });
        }
    }

    /// <summary>The run is over: earlier cells whose outputs later ones replaced are written down anew.</summary>
    public void Finish(NotebookEnd end)
    {
        lock (gate)
        {
            for (var i = 0; i < cells.Count; i++) WriteOutputs(i);
            Write(new JournalEntry(JournalKind.Finished, end.Cell?.ExecutionCount ?? 0) { Failure = JournalFailure.Of(end.Failure) });
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        timer.Dispose();
        lock (gate) file.Dispose();
    }

    private void OnExit(object? sender, EventArgs e)
    {
        // Not waited for long: whoever holds the gate may be what is ending.
        if (!gate.TryEnter(TimeSpan.FromSeconds(1))) return;
        try
        {
            if (running) WriteOutputs(cells.Count - 1);
        }
        finally
        {
            gate.Exit();
        }
    }

    private void Interim()
    {
        if (!gate.TryEnter()) return;
        try
        {
            if (!running || !file.CanWrite || DateTime.UtcNow < nextInterim) return;
            var size = cells[^1].Sink.Outputs.Sum(o => o.Text.Length + o.Data.Sum(d => d.Value.Length));
            if (size <= MaxInterim) WriteOutputs(cells.Count - 1);
            // The more there is the seldomer, so that a cell of hours leaves no journal of gigabytes.
            nextInterim = DateTime.UtcNow + TimeSpan.FromSeconds(size / 10_000.0);
        }
        finally
        {
            gate.Exit();
        }
    }

    private void WriteOutputs(int index)
    {
        var (cell, sink, written) = cells[index];
        var outputs = Notebook.OutputsJson(sink.Outputs, cell);
        var text = outputs.ToJsonString(NotebookJson.Compact);
        if (text == written) return;
        cells[index] = (cell, sink, text);
        Write(new JournalEntry(JournalKind.Outputs, cell) { Outputs = outputs });
    }

    private void Write(JournalEntry entry)
    {
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, NotebookJson.Compact) + "\n"));
        file.Flush();
    }
}
