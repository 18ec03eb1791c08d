using System.Diagnostics;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>What is known of a run in another process; fills in the notebook.</summary>
internal sealed class FollowedRun(Notebook notebook, NotebookRunOptions options)
{
    private readonly List<Cell> cells = NotebookRunner.Executed(notebook);
    private readonly List<CellTiming> timings = [];
    private readonly Stopwatch sinceBegin = new();

    /// <summary>The cell that began last; null before the first.</summary>
    public Cell? Cell { get; private set; }

    /// <summary>How the run ended, once the process has said so.</summary>
    public NotebookEnd? End { get; private set; }

    /// <summary>Whether the process has said that the run is over.</summary>
    public bool Finished => End is not null;

    /// <summary>How long the running cell runs; zero between cells.</summary>
    public TimeSpan CellTime => sinceBegin.Elapsed;

    /// <summary>Takes in news.</summary>
    public void Take(IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            switch (entry.Kind)
            {
                case JournalKind.Begun:
                    Cell = cells[entry.Cell - 1];
                    Cell.ExecutionCount = entry.Cell;
                    sinceBegin.Restart();
                    options.Progress?.Invoke(new CellProgress(entry.Cell, cells.Count, Cell.Title, Finished: false, TimeSpan.Zero, Failed: false));
                    break;
                case JournalKind.Outputs:
                    cells[entry.Cell - 1].Outputs = Notebook.ParseOutputs(entry.Outputs, $"{notebook.Name}: cell {entry.Cell}");
                    if (sinceBegin.IsRunning && LastLine(cells[entry.Cell - 1]) is { } line)
                        options.Progress?.Invoke(new CellProgress(entry.Cell, cells.Count, cells[entry.Cell - 1].Title, Finished: false, sinceBegin.Elapsed, Failed: false) { Note = line });
                    break;
                case JournalKind.Ended when entry.Timing is { } timing:
                    sinceBegin.Reset();
                    timings.Add(timing);
                    options.Progress?.Invoke(new CellProgress(entry.Cell, cells.Count, cells[entry.Cell - 1].Title, Finished: true, TimeSpan.FromSeconds(timing.Seconds), timing.Failed));
                    break;
                case JournalKind.Finished:
                    End = new NotebookEnd(timings, entry.Failure?.ToFailure(), entry.Failure is null ? null : cells[entry.Cell - 1]);
                    break;
            }
        }
    }

    private static string? LastLine(Cell cell) => cell.Outputs.LastOrDefault(o => o.Kind == OutputKind.Stream)?.Text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();

    /// <summary>The process can say no more: the failure becomes the last output of the cell that ran.</summary>
    public NotebookEnd Stopped(CellFailure failure)
    {
        var cell = Cell ?? cells.FirstOrDefault();
        if (cell is null) return new NotebookEnd(timings, failure, null);
        cell.ExecutionCount ??= 1;
        cell.Outputs = [.. cell.Outputs, failure.ToOutput(notebook.Name, cell)];
        if (timings.All(t => t.Number != cell.ExecutionCount))
        {
            timings.Add(new CellTiming(cell.ExecutionCount.Value, cell.Id, sinceBegin.Elapsed.TotalSeconds, Failed: true) { PeakMegabytes = timings.LastOrDefault()?.PeakMegabytes ?? 0 });
            options.Progress?.Invoke(new CellProgress(cell.ExecutionCount.Value, cells.Count, cell.Title, Finished: true, sinceBegin.Elapsed, Failed: true));
        }

        return new NotebookEnd(timings, failure, cell);
    }
}
