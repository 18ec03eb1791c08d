namespace Citrus.Research.Models;

/// <summary>What a student said.</summary>
/// <param name="Ids">The new tokens, the stop token excluded.</param>
/// <param name="Stopped">Whether it ended by itself; false where a limit cut it.</param>
/// <param name="LogProbability">Sum of the natural log-probabilities (at temperature 1) of the new tokens, the stop token included; tokens that were written for the model count 0.</param>
public sealed record Generation(int[] Ids, bool Stopped, double LogProbability)
{
    /// <summary>Why it ended.</summary>
    public GenerationEnd End { get; init; }

    /// <summary>Natural log-probability (at temperature 1, before any sampling filter) of each of <see cref="Ids"/>; 0 for a token that was written for the model.</summary>
    public IReadOnlyList<float> LogProbabilities { get; init; } = [];
}
