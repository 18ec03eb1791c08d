namespace Citrus.Research.Notebooks;

/// <summary>How the cells of a notebook ended.</summary>
/// <param name="Timings">One entry per executed cell.</param>
/// <param name="Failure">What ended the run early; null where it went to its end.</param>
/// <param name="Cell">The cell in which it ended early.</param>
internal sealed record NotebookEnd(IReadOnlyList<CellTiming> Timings, CellFailure? Failure, Cell? Cell);
