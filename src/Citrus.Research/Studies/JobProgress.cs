namespace Citrus.Research.Studies;

/// <summary>How far a set of jobs is.</summary>
/// <param name="Done">Finished jobs.</param>
/// <param name="Total">All jobs of this run.</param>
/// <param name="Fraction">Share of the estimated work that is done, 0..1.</param>
/// <param name="Remaining">Estimated time left; null until there is something to judge by.</param>
/// <param name="Running">Names and done fractions of the jobs at work.</param>
public sealed record JobProgress(int Done, int Total, double Fraction, TimeSpan Elapsed, TimeSpan? Remaining, IReadOnlyList<(string Name, double Fraction)> Running);
