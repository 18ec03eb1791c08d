namespace Citrus.Research.Examples;

/// <summary>A stretch of a turn's text with one loss weight.</summary>
/// <param name="Text">The text; a turn's text is its segments' texts, one after the other.</param>
/// <param name="Weight">Weight of each of its tokens in the loss; 0 is read but not learned, 1 is ordinary.</param>
public sealed record Segment(string Text, double Weight = 1);
