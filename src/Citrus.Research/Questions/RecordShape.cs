namespace Citrus.Research.Questions;

/// <summary>What holds the records of a question file.</summary>
internal enum RecordShape
{
    /// <summary>Nothing but blanks.</summary>
    Empty,

    /// <summary>JSON Lines, or one line that is a table written column by column.</summary>
    Lines,

    /// <summary>One JSON list of objects, or one JSON object of objects.</summary>
    List,

    /// <summary>Comma- or tab-separated values.</summary>
    Table,

    /// <summary>An .xlsx workbook.</summary>
    Workbook,
}
