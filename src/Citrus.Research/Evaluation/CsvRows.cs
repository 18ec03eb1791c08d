using System.Globalization;
using CsvHelper;

namespace Citrus.Research.Evaluation;

/// <summary>The rows of a CSV file as text.</summary>
internal static class CsvRows
{
    private static readonly CsvReaderOptions Strict = new()
    {
        HasHeader = false,
        SkipEmptyLines = false,
        DetectSeparatorHint = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FormatProvider = CultureInfo.InvariantCulture,
    };

    /// <summary>The header, then every row, each with as many fields as the header.</summary>
    public static List<CsvRow> Read(string path)
    {
        if (!File.Exists(path)) throw new TableFormatException(path, 0, "", "no such file.");
        var rows = new List<CsvRow>();
        using var csv = CsvReader.FromFile(path, Strict);
        try
        {
            while (csv.Read())
            {
                var row = new CsvRow((int)csv.LineNumber, [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
                if (rows.Count > 0 && row.Fields.Count != rows[0].Fields.Count)
                    throw new TableFormatException(path, row.Line, "", $"{row.Fields.Count} fields; the header has {rows[0].Fields.Count} (a field with a comma stands in quotes).");
                rows.Add(row);
            }
        }
        catch (CsvHelper.CsvFormatException e)
        {
            throw new TableFormatException(path, (int)e.LineNumber, "", $"not CSV ({e.Message}).", e);
        }

        return rows.Count > 0 ? rows : throw new TableFormatException(path, 1, "", "the file is empty; a header is needed.");
    }
}
