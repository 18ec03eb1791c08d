using System.Globalization;
using System.Reflection;
using System.Text;
using CsvHelper;
using Microsoft.Data.Analysis;

namespace Citrus.Research.Evaluation;

/// <summary>Tables of a study as CSV: a record type is a table, its properties are the columns in the order they are declared.</summary>
/// <remarks>
/// Invariant culture, UTF-8 without mark, <c>\n</c> line ends, shortest numbers that read back the same, <c>true</c> and <c>false</c>, empty for null.
/// The same rows give the same bytes on every machine. Columns may be text, numbers, bool and enums, and their nullable forms.
/// </remarks>
public static class CsvTables
{
    private static readonly CsvWriterOptions Form = new() { NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    /// <summary>Writes a table; the file appears whole or not at all.</summary>
    public static void Write<T>(string path, IEnumerable<T> rows)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path + ".part", ToCsv(rows), new UTF8Encoding(false));
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>The text of a table, header first.</summary>
    public static string ToCsv<T>(IEnumerable<T> rows)
    {
        var columns = Columns<T>();
        var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, Form))
        {
            foreach (var column in columns) csv.WriteField(column.Name);
            csv.EndRecord();
            foreach (var row in rows)
            {
                foreach (var column in columns) csv.WriteField(Text(column.GetValue(row)));
                csv.EndRecord();
            }
        }

        return text.ToString();
    }

    /// <summary>Reads a table that has this record's columns, in any order and no others.</summary>
    /// <exception cref="TableFormatException">The header or a field is not as it should be.</exception>
    public static IReadOnlyList<T> Read<T>(string path)
    {
        var columns = Columns<T>();
        var table = CsvRows.Read(path);
        var header = table[0].Fields.ToList();
        var names = columns.Select(c => c.Name).ToList();
        if (names.Except(header).FirstOrDefault() is { } lost) throw new TableFormatException(path, 1, lost, $"the column is missing; the columns are {string.Join(", ", names)}.");
        if (header.Except(names).FirstOrDefault() is { } odd) throw new TableFormatException(path, 1, odd, $"unknown column; the columns are {string.Join(", ", names)}.");
        var make = Maker<T>(columns);
        return [.. table.Skip(1).Select(row => make([.. columns.Select(c => Value(row.Fields[header.IndexOf(c.Name)], c, path, row.Line))]))];
    }

    /// <summary>The table for a notebook; numbers and bools keep their type, enums become text, null a missing value.</summary>
    public static DataFrame ToDataFrame<T>(IEnumerable<T> rows)
    {
        var list = rows.ToList();
        return new DataFrame(Columns<T>().Select(c => Column(c, list)));
    }

    private static DataFrameColumn Column<T>(PropertyInfo column, List<T> rows)
    {
        var values = rows.Select(r => column.GetValue(r));
        return Type.GetTypeCode(Bare(column).IsEnum ? typeof(string) : Bare(column)) switch
        {
            TypeCode.Int32 => new Int32DataFrameColumn(column.Name, values.Select(v => (int?)v)),
            TypeCode.Int64 => new Int64DataFrameColumn(column.Name, values.Select(v => (long?)v)),
            TypeCode.Double => new DoubleDataFrameColumn(column.Name, values.Select(v => (double?)v)),
            TypeCode.Boolean => new BooleanDataFrameColumn(column.Name, values.Select(v => (bool?)v)),
            _ => new StringDataFrameColumn(column.Name, values.Select(Text)),
        };
    }

    // CsvHelper maps by reflection's own order, which is not promised to be that of the source; the metadata's is.
    private static List<PropertyInfo> Columns<T>()
    {
        var columns = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).OrderBy(p => p.MetadataToken).ToList();
        foreach (var column in columns)
            if (!Bare(column).IsEnum && Type.GetTypeCode(Bare(column)) is not (TypeCode.String or TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double or TypeCode.Boolean))
                throw new ArgumentException($"{typeof(T).Name}.{column.Name} is a {column.PropertyType.Name}; a table's columns are text, int, long, double, bool and enums.");
        return columns.Count > 0 ? columns : throw new ArgumentException($"{typeof(T).Name} has no public properties; a table's columns are its properties.");
    }

    private static Func<object?[], T> Maker<T>(List<PropertyInfo> columns)
    {
        var constructor = typeof(T).GetConstructors().FirstOrDefault(c =>
            c.GetParameters() is var parameters && parameters.Length == columns.Count && parameters.All(p => columns.Exists(column => column.Name == p.Name)));
        if (constructor is not null)
        {
            var order = constructor.GetParameters().Select(p => columns.FindIndex(c => c.Name == p.Name)).ToArray();
            return values => (T)constructor.Invoke([.. order.Select(i => values[i])]);
        }

        return values =>
        {
            var row = Activator.CreateInstance<T>() ?? throw new InvalidOperationException($"{typeof(T).Name} cannot be made.");
            for (var i = 0; i < columns.Count; i++) columns[i].SetValue(row, values[i]);
            return row;
        };
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static object? Value(string text, PropertyInfo column, string path, int line)
    {
        var type = Bare(column);
        var mayBeNull = Nullable.GetUnderlyingType(column.PropertyType) is not null
            || (type == typeof(string) && new NullabilityInfoContext().Create(column).ReadState == NullabilityState.Nullable);
        if (text.Length == 0 && mayBeNull) return null;
        TableFormatException Wrong(string right) => new(path, line, column.Name, $"\"{text}\" is not {right}.");
        if (type.IsEnum) return Enum.TryParse(type, text, out var constant) && Enum.IsDefined(type, constant) ? constant : throw Wrong($"one of {string.Join(", ", Enum.GetNames(type))}");
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a whole number"),
            TypeCode.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a whole number"),
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("a number"),
            TypeCode.Boolean => text switch { "true" => true, "false" => false, _ => throw Wrong("true or false") },
            _ => text,
        };
    }

    private static Type Bare(PropertyInfo column) => Nullable.GetUnderlyingType(column.PropertyType) ?? column.PropertyType;
}
