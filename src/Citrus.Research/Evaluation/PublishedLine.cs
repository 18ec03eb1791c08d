using System.Globalization;

namespace Citrus.Research.Evaluation;

/// <summary>One line of a table of published numbers, its fields read by column name and checked.</summary>
internal sealed class PublishedLine(string path, IReadOnlyList<string> header, CsvRow row)
{
    /// <summary>The lines of a table that has the needed columns and no unknown one.</summary>
    public static IReadOnlyList<PublishedLine> Read(string path, IReadOnlyList<string> needed, IReadOnlyList<string> optional)
    {
        var rows = CsvRows.Read(path);
        var header = rows[0].Fields;
        string Form() => $"the columns are {string.Join(", ", needed)}{(optional.Count > 0 ? $"; {string.Join(", ", optional)} may be left out" : "")}.";
        if (needed.Except(header).FirstOrDefault() is { } lost) throw new TableFormatException(path, 1, lost, $"the column is missing; {Form()}");
        if (header.Except(needed.Concat(optional)).FirstOrDefault() is { } odd) throw new TableFormatException(path, 1, odd, $"unknown column; {Form()}");
        return [.. rows.Skip(1).Select(r => new PublishedLine(path, header, r))];
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string column) => Field(column) is { Length: > 0 } text ? text : throw Wrong(column, "must not be empty.");

    /// <summary>A text that may be empty, or its column missing.</summary>
    public string Field(string column) => header.ToList().IndexOf(column) is >= 0 and var i ? row.Fields[i].Trim() : "";

    public double? Billions() => Field("params_b").Length == 0 ? null : Number("params_b", 1e6, "a number of billions of parameters (or empty, where it is not public)");

    public double Percent(string column) => Number(column, 100, "a percentage above 0 and up to 100");

    public int? Count(string column) => Field(column).Length == 0 ? null
        : int.TryParse(Field(column), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
        : throw Wrong(column, $"\"{Field(column)}\" is not a whole number above 0 (or empty, where the source does not say).");

    public SourceCheck Verified() => Field("verified") switch
    {
        "" or "no" => SourceCheck.No,
        "source-read" => SourceCheck.SourceRead,
        "second-source" => SourceCheck.SecondSource,
        "disagrees" => SourceCheck.Disagrees,
        var other => throw Wrong("verified", $"\"{other}\" is not one of no, source-read, second-source, disagrees."),
    };

    private double Number(string column, double most, string right) =>
        double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= most
            ? value
            : throw Wrong(column, $"\"{Field(column)}\" is not {right}.");

    public TableFormatException Wrong(string column, string problem) => new(path, row.Line, column, problem);
}
