namespace Citrus.Research.Notebooks;

/// <summary>How long a cell took.</summary>
/// <param name="Number">The cell's execution count.</param>
/// <param name="CellId">The cell's id in the executed copy.</param>
/// <param name="Seconds">Wall-clock time with compilation, in seconds.</param>
/// <param name="Failed">Whether it failed (possible only where errors are allowed).</param>
public sealed record CellTiming(int Number, string CellId, double Seconds, bool Failed)
{
    /// <summary>The most memory that the process had in use up to the end of this cell, in megabytes (10^6 bytes).</summary>
    public long PeakMegabytes { get; init; }
}
