namespace Citrus.Research.Evaluation;

/// <summary>What k samples a question are worth, over all choices of k among those that were made.</summary>
/// <param name="K">Samples of each question.</param>
/// <param name="Pass">Chance that at least one of them is right (pass@k): what a perfect choice among them would reach.</param>
/// <param name="Majority">Chance that their vote is right (majority@k).</param>
public sealed record SamplePoint(int K, double Pass, double Majority);
