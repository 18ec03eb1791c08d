namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>What is known about a place in a cell.</summary>
/// <param name="Plain">For a terminal.</param>
/// <param name="Markdown">For a page.</param>
internal sealed record Inspection(string Plain, string Markdown);
