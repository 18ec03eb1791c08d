namespace Citrus.Research.Evaluation;

/// <summary>A CSV file cannot be read; the message names file, line and column and says what would be right.</summary>
public sealed class TableFormatException(string file, int line, string column, string problem, Exception? inner = null)
    : Exception($"{file}, line {line}{(column.Length > 0 ? $", column {column}" : "")}: {problem}", inner)
{
    public string File { get; } = file;

    /// <summary>Counted from 1, the header included.</summary>
    public int Line { get; } = line;

    public string Column { get; } = column;
}
