namespace Citrus.Research.Training;

/// <summary>Where a training is.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Fraction">Part of the budget used, 0 to 1.</param>
/// <param name="Loss">Mean loss since the last report, in the loss's unit (nats per token for cross-entropy).</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="TokensPerSecond">Mean since the start.</param>
/// <param name="Remaining">Expected time to the end, by the pace since the first report (the first steps are slow); null in that one.</param>
public sealed record TrainingProgress(long Step, double Fraction, double Loss, long Tokens, double TokensPerSecond, TimeSpan? Remaining);
