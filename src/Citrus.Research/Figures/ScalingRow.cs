namespace Citrus.Research.Figures;

/// <summary>One point of the scaling figure: how an arm's student of one size did.</summary>
/// <param name="Arm">The pathway.</param>
/// <param name="Size">The student's size in words, such as <c>0.4M</c>.</param>
/// <param name="Parameters">Its number of parameters.</param>
/// <param name="Seed">The seed; null pools all seeds.</param>
/// <param name="N">Questions scored; with several seeds each is asked of every student.</param>
/// <param name="Accuracy">Fraction right.</param>
/// <param name="Low">Lower end of the interval, a fraction.</param>
/// <param name="High">Upper end of the interval, a fraction.</param>
/// <param name="Ceiling">Best possible accuracy on these questions (Bayes), a fraction.</param>
/// <param name="Chance">Accuracy of guessing, a fraction.</param>
public sealed record ScalingRow(
    string Arm, string Size, long Parameters, int? Seed, int N, double Accuracy, double Low, double High, double Ceiling, double Chance);
