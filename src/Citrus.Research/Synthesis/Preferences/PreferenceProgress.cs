namespace Citrus.Research.Synthesis;

/// <summary>How far a run of <see cref="PreferenceRun"/> is.</summary>
/// <param name="Stage"><c>samples</c>, then <c>verdicts</c>.</param>
/// <param name="Done">Of this stage, those that were there already included.</param>
/// <param name="Total">Of this stage; the number of verdicts is known once all samples are scored.</param>
/// <param name="Resumed">Those that were there already.</param>
/// <param name="Problems">Calls that gave nothing, of both stages.</param>
public sealed record PreferenceProgress(string Stage, int Done, int Total, int Resumed, int Problems);
