namespace Citrus.Research.Tokenization;

/// <summary>A stretch of a longer text whose tokens share one loss weight.</summary>
public readonly record struct Stretch(string Text, double Weight = 1);
