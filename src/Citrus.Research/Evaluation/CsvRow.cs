namespace Citrus.Research.Evaluation;

/// <summary>One row of a CSV file with the line it begins in.</summary>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Fields);
