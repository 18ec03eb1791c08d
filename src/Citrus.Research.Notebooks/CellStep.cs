using Microsoft.CodeAnalysis.Scripting;

namespace Citrus.Research.Notebooks;

/// <summary>One thing that a cell does: a submission, or a text in Markdown that is shown.</summary>
/// <param name="Script">The submission; null for Markdown.</param>
/// <param name="ReturnsValue">Whether the submission ends in an expression that has a value.</param>
/// <param name="Markdown">The text; null for a submission.</param>
internal sealed record CellStep(Script? Script, bool ReturnsValue, string? Markdown);
