namespace Citrus.Research.Evaluation;

/// <summary>One message as it was sent to a model.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record SampleMessage(string Role, string Text);
