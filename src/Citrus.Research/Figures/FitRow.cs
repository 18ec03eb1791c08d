namespace Citrus.Research.Figures;

/// <summary>A line through the accuracies of a group against the logarithm (base 10) of the size in billions.</summary>
/// <param name="Group">Whose line.</param>
/// <param name="Models">Points that it was fitted to.</param>
/// <param name="Intercept">Percent at one billion parameters.</param>
/// <param name="Slope">Points of percent per tenfold size.</param>
/// <param name="SlopeError">Its standard error.</param>
/// <param name="RSquared">Share of the variance that the line takes up.</param>
/// <param name="Spread">Typical distance of a point from the line, in points of percent.</param>
public sealed record FitRow(string Group, int Models, double Intercept, double Slope, double SlopeError, double RSquared, double Spread);
