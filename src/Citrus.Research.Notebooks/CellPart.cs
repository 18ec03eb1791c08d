namespace Citrus.Research.Notebooks;

/// <summary>A stretch of a cell, from one directive that changes what follows to the next.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Text">Its source, with empty lines before it, so that line numbers are those of the cell; for an import the file's path.</param>
/// <param name="Line">Where it begins in the cell, from 1.</param>
/// <param name="References">What its <c>#r</c> and <c>#i</c> lines ask for.</param>
internal sealed record CellPart(CellPartKind Kind, string Text, int Line, IReadOnlyList<ReferenceDirective> References);
