using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Isolated;

/// <summary>News from the process that runs a notebook, a line each in its journal.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Cell">The number of the cell.</param>
internal sealed record JournalEntry(JournalKind Kind, int Cell)
{
    /// <summary>The cell's outputs as in a notebook's file, with <see cref="JournalKind.Outputs"/>.</summary>
    public JsonArray? Outputs { get; init; }

    /// <summary>With <see cref="JournalKind.Ended"/>.</summary>
    public CellTiming? Timing { get; init; }

    /// <summary>With <see cref="JournalKind.Finished"/>: what ended the run early.</summary>
    public JournalFailure? Failure { get; init; }
}
