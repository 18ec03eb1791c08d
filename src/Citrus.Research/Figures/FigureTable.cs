using System.Globalization;
using System.Reflection;
using CsvHelper;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>The rows that a figure draws. The table is the truth; the picture can be drawn from it again. The same rows give the same bytes on every machine.</summary>
[TypeFormatterSource(typeof(FigureTableFormatterSource), PreferredMimeTypes = ["text/html"])]
public sealed class FigureTable
{
    private static readonly CsvReaderOptions Reading = new() { HasHeader = false, DetectSeparatorHint = false, FormatProvider = CultureInfo.InvariantCulture };
    private static readonly CsvWriterOptions Writing = new() { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    private FigureTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, string? name) => (Columns, Rows, Name) = (columns, rows, name);

    /// <summary>What tells it from the figure's first table; null for the first.</summary>
    public string? Name { get; }

    /// <summary>Column names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Cells as text: invariant culture, doubles so that they read back exactly, <c>true</c> and <c>false</c>, nothing for null.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>A table with a column per parameter of the record <typeparamref name="T"/>, in their order.</summary>
    public static FigureTable Of<T>(IEnumerable<T> rows, string? name = null)
    {
        var columns = Parameters<T>().Select(p => typeof(T).GetProperty(p.Name!)!).ToList();
        return new FigureTable([.. columns.Select(c => c.Name)], [.. rows.Select(r => (string[])[.. columns.Select(c => Text(c.GetValue(r)))])], name);
    }

    /// <summary>Reads a file written by <see cref="Save"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no table.</exception>
    public static FigureTable Load(string path)
    {
        var rows = new List<IReadOnlyList<string>>();
        using var reader = CsvReader.FromFile(path, Reading);
        try
        {
            while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }
        catch (CsvHelper.CsvFormatException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        if (rows.Count == 0) throw new InvalidDataException($"{path}: empty; a header line is expected.");
        var odd = rows.FindIndex(r => r.Count != rows[0].Count);
        if (odd >= 0) throw new InvalidDataException($"{path}: row {odd + 1} has {rows[odd].Count} cells, the header has {rows[0].Count}.");
        return new FigureTable(rows[0], rows[1..], null);
    }

    /// <summary>The rows again as records.</summary>
    /// <exception cref="InvalidDataException">A column is missing or a cell does not fit; the message says where.</exception>
    public IReadOnlyList<T> As<T>()
    {
        var parameters = Parameters<T>();
        var columns = parameters.Select(p => Columns.ToList().IndexOf(p.Name!)).ToList();
        if (columns.IndexOf(-1) is >= 0 and var missing) throw new InvalidDataException($"The table has no column {parameters[missing].Name}; it has {string.Join(", ", Columns)}.");
        var make = typeof(T).GetConstructor([.. parameters.Select(p => p.ParameterType)])!;
        return [.. Rows.Select((row, i) => (T)make.Invoke([.. parameters.Select((p, k) => Value(row[columns[k]], p, i + 2))]))];
    }

    /// <summary>The table as CSV with a header line, lines ended by <c>\n</c>.</summary>
    public string ToCsv()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var writer = CsvWriter.Create(text, Writing))
        {
            foreach (var row in Rows.Prepend(Columns))
            {
                foreach (var cell in row) writer.WriteField(cell);
                writer.EndRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>Writes the CSV.</summary>
    public void Save(string path) => FigureFiles.Write(path, ToCsv());

    private static ParameterInfo[] Parameters<T>() => typeof(T).GetConstructors().Select(c => c.GetParameters())
        .FirstOrDefault(c => c.Length > 0 && c.All(p => p.Name is not null && typeof(T).GetProperty(p.Name)?.PropertyType == p.ParameterType))
        ?? throw new ArgumentException($"{typeof(T).Name} is no record with parameters; a table's columns are a record's parameters.");

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static object? Value(string text, ParameterInfo parameter, int line)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType);
        if (type is not null && text.Length == 0) return null;
        try
        {
            return Convert.ChangeType(text, type ?? parameter.ParameterType, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            throw new InvalidDataException($"Line {line}, column {parameter.Name}: \"{text}\" is no {(type ?? parameter.ParameterType).Name}.", e);
        }
    }
}
