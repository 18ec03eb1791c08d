using System.Globalization;
using CsvHelper;

namespace Citrus.Research.Experts;

/// <summary>What experts cost: a CSV file with the columns model, input, output, source, date.</summary>
public sealed class PriceTable
{
    private static readonly string[] Columns = ["model", "input", "output", "source", "date"];

    private static readonly CsvReaderOptions Reading = new()
    {
        HasHeader = false,
        CommentPrefix = '#',
        DetectSeparatorHint = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FormatProvider = CultureInfo.InvariantCulture,
    };

    private PriceTable(string file, IReadOnlyList<ExpertPrice> prices) => (File, Prices) = (file, prices);

    /// <summary>The table's file.</summary>
    public string File { get; }

    public IReadOnlyList<ExpertPrice> Prices { get; }

    /// <summary>The table shipped beside the library's assembly.</summary>
    public static string Shipped => Path.Combine(
        typeof(PriceTable).Assembly.Location is { Length: > 0 } assembly ? Path.GetDirectoryName(assembly)! : AppContext.BaseDirectory, "data", "experts", "prices.csv");

    /// <summary>Reads a table; lines that begin with # are comments.</summary>
    /// <param name="file">The shipped one where null.</param>
    /// <exception cref="FormatException">A column is missing, or a price is no number of 0 or more; the message names file, line and column.</exception>
    public static PriceTable Read(string? file = null)
    {
        file ??= Shipped;
        if (!System.IO.File.Exists(file)) throw new FileNotFoundException($"There is no price table {file}; it is a CSV file with the columns {string.Join(", ", Columns)}.", file);
        var prices = new List<ExpertPrice>();
        try
        {
            using var csv = CsvReader.FromFile(file, Reading);
            int[]? places = null;
            while (csv.Read())
            {
                var fields = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim()).ToList();
                var line = csv.LineNumber;
                if (places is null)
                {
                    places = [.. Columns.Select(c => fields.FindIndex(f => f.Equals(c, StringComparison.OrdinalIgnoreCase)))];
                    if (places[..3].Contains(-1)) throw new FormatException($"{file}, line {line}: the header needs the columns {string.Join(", ", Columns)}; it has {string.Join(", ", fields)}.");
                    continue;
                }

                string Field(int column) => places[column] is >= 0 and var at && at < fields.Count ? fields[at] : "";
                if (Field(0).Length == 0) throw new FormatException($"{file}, line {line}, column model: nothing there.");
                prices.Add(new ExpertPrice(Field(0), Price(Field(1), file, line, Columns[1]), Price(Field(2), file, line, Columns[2]), Field(3), Field(4)));
            }

            if (places is null) throw new FormatException($"{file}: the file is empty; expected a line {string.Join(',', Columns)}.");
        }
        catch (CsvFormatException e)
        {
            throw new FormatException($"{file}, line {e.LineNumber}: not CSV ({e.Message}).", e);
        }

        if (prices.GroupBy(p => p.Model, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new FormatException($"{file}, column model: '{twice.Key}' is there {twice.Count()} times.");
        return new PriceTable(file, prices);
    }

    /// <summary>The price of an expert; null where no row names it.</summary>
    /// <param name="head">Its spec without parameters, <see cref="ExpertSpec.Head"/>.</param>
    public ExpertPrice? Find(string head) =>
        Prices.FirstOrDefault(p => p.Model == head) ?? Prices.Where(p => p.Model.Contains('*') && Matches(p.Model, head)).MaxBy(p => p.Model.Length);

    private static bool Matches(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (text.Length < parts.Sum(p => p.Length) || !text.StartsWith(parts[0], StringComparison.Ordinal) || !text.EndsWith(parts[^1], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            if (at < 0) return false;
            at += part.Length;
        }

        return at <= text.Length - parts[^1].Length;
    }

    private static decimal Price(string text, string file, long line, string column) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var price) && price is >= 0 and < 1_000_000
            ? price
            : throw new FormatException($"{file}, line {line}, column {column}: '{text}' is no price; expected US dollars for a million tokens, e.g. 2.50. Leave a model's row out where the price is unknown.");
}
