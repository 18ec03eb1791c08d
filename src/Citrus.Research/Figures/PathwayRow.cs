namespace Citrus.Research.Figures;

/// <summary>One point of the pathway figure: how an arm's students did on a kind of question.</summary>
/// <param name="Budget">What was held equal, such as <c>equal examples</c>; one row of panels each.</param>
/// <param name="Arm">The pathway or control.</param>
/// <param name="Size">The student's size in words, such as <c>0.4M</c>.</param>
/// <param name="Parameters">Its number of parameters.</param>
/// <param name="Kind">The kind of question, or <c>overall</c>; one column of panels each.</param>
/// <param name="Seed">The seed; null pools all seeds.</param>
/// <param name="N">Questions scored; with several seeds each is asked of every student.</param>
/// <param name="Accuracy">Fraction right.</param>
/// <param name="Low">Lower end of the interval, a fraction.</param>
/// <param name="High">Upper end of the interval, a fraction.</param>
/// <param name="Ceiling">Best possible accuracy on these questions (Bayes), a fraction.</param>
/// <param name="Chance">Accuracy of guessing, a fraction.</param>
public sealed record PathwayRow(
    string Budget, string Arm, string Size, long Parameters, string Kind, int? Seed, int N, double Accuracy, double Low, double High, double Ceiling, double Chance);
