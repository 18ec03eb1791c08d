namespace Citrus.Research.Notebooks;

/// <summary>News of a run: a cell begins, says something, or is finished.</summary>
/// <param name="Number">The cell's number among those that are executed, from 1.</param>
/// <param name="Count">How many cells are executed in all.</param>
/// <param name="Title">The cell's first line.</param>
/// <param name="Finished">False when the cell begins.</param>
/// <param name="Elapsed">Time since the cell began.</param>
/// <param name="Failed">Whether it failed; only with <paramref name="Finished"/>.</param>
public sealed record CellProgress(int Number, int Count, string Title, bool Finished, TimeSpan Elapsed, bool Failed)
{
    /// <summary>The last line that the running cell has written to its console; null when it begins or is finished. Only told where a notebook has a process of its own.</summary>
    public string? Note { get; init; }
}
