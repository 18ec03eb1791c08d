using System.Diagnostics;

namespace Citrus.Research.Notebooks;

/// <summary>A cell ready to run.</summary>
/// <param name="Steps">What to do, in order; at least one is code.</param>
/// <param name="Watch">Runs since the cell was taken up, where <c>#!time</c> stands in it; else null.</param>
internal sealed record CompiledCell(IReadOnlyList<CellStep> Steps, Stopwatch? Watch)
{
    /// <summary>Whether it ends in an expression that has a value.</summary>
    public bool ReturnsValue => Steps[^1].ReturnsValue;

    /// <summary>How long it took so far, in the words of .NET Interactive; null where nobody asked.</summary>
    public string? WallTime => Watch is null ? null : FormattableString.Invariant($"Wall time: {Watch.Elapsed.TotalMilliseconds}ms");
}
