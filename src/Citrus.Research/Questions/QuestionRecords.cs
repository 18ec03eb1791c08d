using System.Buffers;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>The records of a question file, streaming, whatever holds them: JSON Lines, a JSON list, a JSON object of objects, a table written column by column (pandas' <c>to_json</c>), or CSV.</summary>
internal static class QuestionRecords
{
    /// <summary>The records in file order, as long as each is asked for.</summary>
    /// <exception cref="QuestionFormatException">The file is absent or of none of these kinds, or a record is broken.</exception>
    public static IEnumerable<QuestionLine> Read(string path) => ShapeOf(path) switch
    {
        RecordShape.Empty => [],
        RecordShape.Table => CsvRecords.Read(path),
        RecordShape.List => JsonRecords.Read(path, Utf8Source.Open(path)),
        _ => Lines(path),
    };

    /// <summary>What holds the records of a file, seen from its name's ending and its first bytes.</summary>
    public static RecordShape ShapeOf(string path)
    {
        if (path.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase)) return RecordShape.Workbook;
        using var stream = Utf8Source.Open(path);
        if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)) return RecordShape.Table;
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var filled = stream.ReadAtLeast(buffer, 1 << 16, throwOnEndOfStream: false);
            var start = buffer.AsSpan(0, filled).TrimStart(" \t\r\n"u8);
            if (start.IsEmpty) return filled < 1 << 16 ? RecordShape.Empty : RecordShape.Lines;
            if (start[0] == '[') return RecordShape.List;
            var end = start.IndexOf((byte)'\n');
            return start[0] == '{' && end >= 0 && JsonRecords.IsSpread(start[..end]) ? RecordShape.List : RecordShape.Lines;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether each line of a file is a record of its own.</summary>
    public static bool IsOneRecordALine(string path)
    {
        try
        {
            return ShapeOf(path) == RecordShape.Lines && !(QuestionLine.Read(path, () => Utf8Source.Open(path), notNumbers: true).FirstOrDefault() is { } first && Columns(first) is not null);
        }
        catch (QuestionFormatException)
        {
            // Its first line is no object, so its lines are what is looked at.
            return true;
        }
    }

    private static IEnumerable<QuestionLine> Lines(string path)
    {
        foreach (var line in QuestionLine.Read(path, () => Utf8Source.Open(path), notNumbers: true))
        {
            if (line.Number == 1 && Columns(line) is { } columns)
            {
                foreach (var row in Rows(line, columns)) yield return row;
                continue;
            }

            yield return line;
        }
    }

    /// <summary>The columns of a table that is written column by column, <c>{"question": {"0": "...", "1": "..."}, "answer": {"0": ...}}</c>; null for other objects.</summary>
    private static IReadOnlyList<string>? Columns(QuestionLine line)
    {
        var columns = line.Fields.ToList();
        return columns.Count > 1 && columns.All(c => line.Try(c, out var column) && column.ValueKind == JsonValueKind.Object && column.TryGetProperty("0", out _)) ? columns : null;
    }

    private static IEnumerable<QuestionLine> Rows(QuestionLine line, IReadOnlyList<string> columns)
    {
        var rows = columns.Select(c => line.Of(c, JsonValueKind.Object).EnumerateObject().ToList()).ToList();
        for (var c = 1; c < columns.Count; c++)
            if (rows[c].Count != rows[0].Count) throw line.Error(columns[c], $"{rows[c].Count} rows; column {columns[0]} has {rows[0].Count}.");
        for (var r = 0; r < rows[0].Count; r++)
        {
            var key = rows[0][r].Name;
            string Text(int column)
            {
                var cell = rows[column][r];
                if (cell.Name != key) throw line.Error(columns[column], $"row {r + 1} is called {cell.Name}, but {key} in column {columns[0]}.");
                return cell.Value.ValueKind switch
                {
                    JsonValueKind.String => cell.Value.GetString()!,
                    JsonValueKind.Null => "",
                    _ => cell.Value.GetRawText(),
                };
            }

            yield return QuestionLine.Of(line.File, line.Number, r + 1, key, Enumerable.Range(0, columns.Count).Select(c => (columns[c], Text(c))));
        }
    }
}
