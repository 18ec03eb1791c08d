namespace Citrus.Research.Notebooks;

/// <summary>A notebook that ran to its end.</summary>
/// <param name="Notebook">The executed copy with its outputs.</param>
/// <param name="Cells">One entry per executed cell.</param>
/// <param name="Elapsed">Wall-clock time of the whole run.</param>
/// <param name="OutputPath">The executed copy's file, where one was asked for.</param>
/// <param name="HtmlPath">The page's file, where one was asked for.</param>
public sealed record NotebookRun(Notebook Notebook, IReadOnlyList<CellTiming> Cells, TimeSpan Elapsed, string? OutputPath, string? HtmlPath)
{
    /// <summary>The most memory that the process had in use by the end of the last cell, in megabytes (10^6 bytes).</summary>
    public long PeakMegabytes => Cells.Count == 0 ? 0 : Cells[^1].PeakMegabytes;
}
