namespace Citrus.Research.Notebooks;

/// <summary>A cell did not compile, threw, or ran past its time. The message names notebook, cell, line and cause.</summary>
public sealed class CellFailedException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The notebook's file name.</summary>
    public required string Notebook { get; init; }

    /// <summary>The number of the cell as executed, <c>[n]</c> in the executed copy, from 1.</summary>
    public required int Cell { get; init; }

    /// <summary>The cell's id in the executed copy.</summary>
    public required string CellId { get; init; }

    /// <summary>The line inside the cell, from 1; null where it is not known (a timeout, an exception without a trace into the cell).</summary>
    public int? Line { get; init; }

    /// <summary>Whether the cell ran past <see cref="NotebookRunOptions.CellTimeout"/>.</summary>
    public bool TimedOut { get; init; }

    /// <summary>One entry per cell that was executed, this one being the last.</summary>
    public IReadOnlyList<CellTiming> Cells { get; init; } = [];

    /// <summary>The executed copy up to and with this cell, where one was asked for.</summary>
    public string? OutputPath { get; init; }

    /// <summary>The page up to and with this cell, where one was asked for.</summary>
    public string? HtmlPath { get; init; }
}
