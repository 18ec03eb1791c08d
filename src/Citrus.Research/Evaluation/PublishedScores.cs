using System.Globalization;
using Microsoft.Data.Analysis;

namespace Citrus.Research.Evaluation;

/// <summary>The table of published MedQA accuracies by model size, one source a row.</summary>
/// <remarks>The numbers come from different protocols and reruns; the same model stands there more than once, and the rows disagree. That is the point of keeping the source.</remarks>
public static class PublishedScores
{
    private static readonly string[] Columns = ["model", "params_b", "medqa_acc", "setting", "source"];

    /// <summary>The table that ships with the library.</summary>
    public static string DefaultPath => Path.Combine(Path.GetDirectoryName(typeof(PublishedScores).Assembly.Location) ?? AppContext.BaseDirectory, "data", "published", "medqa_by_size.csv");

    /// <summary>Reads and checks a table, in file order.</summary>
    /// <exception cref="TableFormatException">A row is not as it should be.</exception>
    public static IReadOnlyList<PublishedScore> Read(string? path = null)
    {
        path ??= DefaultPath;
        var rows = CsvRows.Read(path);
        if (!rows[0].Fields.SequenceEqual(Columns)) throw new TableFormatException(path, 1, "", $"the header must be {string.Join(',', Columns)}.");
        var scores = new List<PublishedScore>();
        foreach (var (line, fields) in rows.Skip(1))
        {
            string Field(string column) => fields[Array.IndexOf(Columns, column)];
            string Text(string column) => !string.IsNullOrWhiteSpace(Field(column)) ? Field(column) : throw new TableFormatException(path, line, column, "must not be empty.");
            double Number(string column, double most, string right) =>
                double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= most
                    ? value
                    : throw new TableFormatException(path, line, column, $"\"{Field(column)}\" is not {right}.");
            scores.Add(new PublishedScore(
                Text("model"),
                Field("params_b").Length == 0 ? null : Number("params_b", 1e6, "a number of billions of parameters (or empty, where it is not public)"),
                Number("medqa_acc", 100, "a percentage above 0 and up to 100"),
                Text("setting"),
                Text("source")));
        }

        return scores;
    }

    /// <summary>The table for a notebook; unknown sizes are missing values.</summary>
    public static DataFrame ToDataFrame(IReadOnlyList<PublishedScore> scores) => CsvTables.ToDataFrame(scores);
}
