namespace Citrus.Research.Questions;

/// <summary>A line of a file of questions or training records cannot be read; the message says what is wrong, where, and what would be right.</summary>
public sealed class QuestionFormatException : Exception
{
    public QuestionFormatException(string file, int line, string field, string problem, Exception? inner = null)
        : base($"{file}{(line > 0 ? $", {(IsSheet(file) ? "row" : "line")} {line}" : "")}{(field.Length > 0 ? $", {(IsSheet(file) ? "column" : "field")} {field}" : "")}: {problem}", inner) => (File, Line, Field) = (file, line, field);

    public string File { get; }

    /// <summary>Line of a text or row of a spreadsheet, counted from 1; 0 where the whole file is meant.</summary>
    public int Line { get; }

    /// <summary>The field as the file spells it; empty where the whole line is meant.</summary>
    public string Field { get; }

    private static bool IsSheet(string file) => file.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase);
}
