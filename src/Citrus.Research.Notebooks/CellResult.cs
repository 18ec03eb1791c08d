namespace Citrus.Research.Notebooks;

/// <summary>How the execution of a cell ended. Its outputs are in its sink.</summary>
/// <param name="Failure">What went wrong; null where nothing did.</param>
/// <param name="Elapsed">Wall-clock time with compilation.</param>
/// <param name="LeftBehind">
/// The cell was told to stop and did not within the grace time (it sits in native code): its thread may still be at work on the session's variables.
/// </param>
internal sealed record CellResult(CellFailure? Failure, TimeSpan Elapsed, bool LeftBehind);
