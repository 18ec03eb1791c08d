namespace Citrus.Research.Questions;

/// <summary>A row of a spreadsheet.</summary>
/// <param name="Number">As the spreadsheet shows it, from 1.</param>
/// <param name="Cells">The cells by column, from column A; null where empty. A number stands as the file writes it. Valid until the next row is asked for.</param>
/// <param name="Numeric">Whether the cell of that column is a number.</param>
public readonly record struct SheetRow(int Number, IReadOnlyList<string?> Cells, IReadOnlyList<bool> Numeric);
