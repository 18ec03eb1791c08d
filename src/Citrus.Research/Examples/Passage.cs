namespace Citrus.Research.Examples;

/// <summary>A piece of plain text for continued pre-training; every token is learned.</summary>
public sealed record Passage(string Id, string Text);
