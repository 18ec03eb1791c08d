namespace Citrus.Research.Evaluation.Statistics;

/// <summary>The answers whose confidence lies in one bin of equal width.</summary>
/// <param name="Low">Lower end, excluded except for 0.</param>
/// <param name="High">Upper end, included.</param>
/// <param name="N">Answers in the bin; 0 where it is empty, and then the two means are not numbers.</param>
/// <param name="Confidence">Mean confidence, 0..1.</param>
/// <param name="Accuracy">Share that is right, 0..1.</param>
public sealed record CalibrationBin(double Low, double High, int N, double Confidence, double Accuracy);
