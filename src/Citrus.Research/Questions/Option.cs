namespace Citrus.Research.Questions;

/// <summary>One choice of a question: the label a reader names it by ("A") and what it says.</summary>
public sealed record Option(string Label, string Text);
