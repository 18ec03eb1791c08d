namespace Citrus.Research.Examples;

/// <summary>One text of a training row.</summary>
/// <param name="Field">Where it stands, e.g. <c>messages[0].content</c>; empty where the row is the text.</param>
public sealed record TrainingText(string Field, string Text);
