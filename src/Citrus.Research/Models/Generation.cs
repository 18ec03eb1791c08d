namespace Citrus.Research.Models;

/// <summary>What a student said.</summary>
/// <param name="Ids">The new tokens, the stop token excluded.</param>
/// <param name="Stopped">Whether it ended by itself; false where a limit cut it.</param>
/// <param name="LogProbability">Sum of the natural log-probabilities (at temperature 1) of the new tokens, the stop token included.</param>
public sealed record Generation(int[] Ids, bool Stopped, double LogProbability);
