using Microsoft.CodeAnalysis.Scripting;

namespace Citrus.Research.Notebooks;

/// <summary>A cell ready to run.</summary>
/// <param name="Script">The submission.</param>
/// <param name="ReturnsValue">Whether it ends in an expression that has a value.</param>
internal sealed record CompiledCell(Script Script, bool ReturnsValue);
