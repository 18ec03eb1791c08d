namespace Citrus.Research.Notebooks.Isolated;

/// <summary>What a <see cref="JournalEntry"/> tells.</summary>
internal enum JournalKind
{
    /// <summary>A cell begins.</summary>
    Begun,

    /// <summary>What a cell has shown so far, or after a later cell replaced some of it.</summary>
    Outputs,

    /// <summary>A cell is over.</summary>
    Ended,

    /// <summary>The run is over.</summary>
    Finished,
}
