namespace Citrus.Research.Figures;

/// <summary>One point of a training curve.</summary>
/// <param name="Panel">What is measured, with its unit: the panel's title, such as <c>training loss (nats per token)</c>.</param>
/// <param name="Run">The line it belongs to.</param>
/// <param name="X">How far training is, in the unit that the figure's x title names.</param>
/// <param name="Y">The value.</param>
public sealed record CurvePoint(string Panel, string Run, double X, double Y);
