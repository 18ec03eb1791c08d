using System.Globalization;
using System.Text;
using CsvHelper;

namespace Citrus.Research.Questions;

/// <summary>The rows of a table of comma- or tab-separated values (RFC 4180), streaming, each as a record of texts.</summary>
internal static class CsvRecords
{
    /// <summary>Columns in a row; the widest published table has some eighty.</summary>
    private const int MaximumColumns = 256;

    /// <summary>The rows below a first row that names the columns.</summary>
    /// <exception cref="QuestionFormatException">A row is broken, or has another number of fields than the first.</exception>
    public static IEnumerable<QuestionLine> Read(string path)
    {
        IReadOnlyList<string>? header = null;
        foreach (var (line, ordinal, fields) in Rows(path))
        {
            if (header is null)
            {
                header = [.. fields.Select(f => f.Trim())];
                if (header.GroupBy(h => h, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
                    throw new QuestionFormatException(path, line, twice.Key, $"{twice.Count()} columns are called \"{twice.Key}\"; each needs a name of its own.");
                continue;
            }

            yield return QuestionLine.Of(path, line, ordinal - 1, null, header.Zip(fields));
        }
    }

    /// <summary>The rows of a table whose first row is a record already; its columns are called <c>1</c>, <c>2</c> and so on.</summary>
    public static IEnumerable<QuestionLine> ReadHeaderless(string path) =>
        Rows(path).Select(row => QuestionLine.Of(path, row.Line, row.Ordinal, null, row.Fields.Select((f, i) => ((i + 1).ToString(CultureInfo.InvariantCulture), f))));

    /// <summary>The fields of the first row; empty where there is none.</summary>
    public static IReadOnlyList<string> First(string path) => Rows(path).Select(r => r.Fields).FirstOrDefault() ?? [];

    /// <summary>A record that has every column of a header.</summary>
    public static QuestionLine Header(string path, IReadOnlyList<string> header) => QuestionLine.Of(path, 1, 0, null, header.Select(h => h.Trim()).Distinct(StringComparer.Ordinal).Select(h => (h, "column")));

    private static IEnumerable<(int Line, int Ordinal, IReadOnlyList<string> Fields)> Rows(string path)
    {
        using var csv = CsvReader.Create(Utf8Source.Open(path), new CsvReaderOptions
        {
            HasHeader = false,
            Separator = path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',',
            TrackLineNumbers = true,
            MaxRecordSize = QuestionLine.MaximumBytes,
            MalformedData = CsvMalformedDataHandling.Throw,
            Encoding = Encoding.UTF8,
        }, leaveOpen: false);
        var (ordinal, count) = (0, 0);
        while (Next(path, csv))
        {
            var line = (int)Math.Min(int.MaxValue, csv.LineNumber);
            var fields = csv.FieldCount <= MaximumColumns ? new string[csv.FieldCount] : throw new QuestionFormatException(path, line, "", $"{csv.FieldCount} columns; {MaximumColumns} are the most.");
            for (var i = 0; i < fields.Length; i++) fields[i] = csv.GetString(i);
            if (ordinal == 0) count = fields.Length;
            else if (fields.Length != count) throw new QuestionFormatException(path, line, "", $"{fields.Length} fields; the first row has {count} (a field with a comma or a line break stands in quotes).");
            yield return (line, ++ordinal, fields);
        }
    }

    private static bool Next(string path, CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException e)
        {
            throw new QuestionFormatException(path, (int)Math.Clamp(e.LineNumber, 0, int.MaxValue), "", $"not CSV ({e.Message}); a quote inside a quoted field is written twice.", e);
        }
    }
}
