using Citrus.Research.Evaluation;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation;

public sealed class TableTests
{
    public enum Colour { Red, Green }

    public sealed record Row(string Arm, int N, double Accuracy, double? Ceiling, bool Seen, Colour Colour, long Tokens, string? Note);

    public sealed record Odd(string Arm, DateTime When);

    [Fact]
    public void Rows_come_back_as_they_were_and_byte_for_byte_in_any_culture()
    {
        using var folder = new TempFolder();
        var culture = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            var text = Gen.String[Gen.Char["ab,\"\n\ré; "], 1, 10];
            Gen.Select(text, Gen.Int, Gen.Double, Gen.Double[0, 1], Gen.Bool, Gen.Long, Gen.Int[0, 1]).Array[0, 8].Sample(items =>
            {
                var rows = items.Select(x => new Row(x.Item1, x.Item2, x.Item3, x.Item7 == 0 ? null : x.Item4, x.Item5, (Colour)x.Item7, x.Item6, x.Item7 == 0 ? null : x.Item1)).ToList();
                var path = folder[$"{Guid.NewGuid()}.csv"];
                CsvTables.Write(path, rows);
                var read = CsvTables.Read<Row>(path);
                return rows.SequenceEqual(read) && CsvTables.ToCsv(read) == CsvTables.ToCsv(rows);
            }, iter: 100, threads: 1);
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_table_has_its_columns_in_the_order_of_the_record()
    {
        using var folder = new TempFolder();
        CsvTables.Write(folder["t.csv"], [new Row("a, b", 3, 0.1, null, true, Colour.Green, 7, null)]);
        Assert.Equal("Arm,N,Accuracy,Ceiling,Seen,Colour,Tokens,Note\n\"a, b\",3,0.1,,true,Green,7,\n"u8.ToArray(), File.ReadAllBytes(folder["t.csv"]));
    }

    [Theory]
    [InlineData("0.1,,true", "0;1,,true", 2, "Accuracy", "is not a number")]
    [InlineData("true", "yes", 2, "Seen", "true or false")]
    [InlineData("Green", "Blue", 2, "Colour", "one of Red, Green")]
    [InlineData("Tokens", "Token", 1, "Tokens", "the column is missing")]
    [InlineData(",7,", ",7,,", 2, "", "9 fields; the header has 8")]
    [InlineData("\"a", "\"a\"b", 2, "", "not CSV")]
    public void A_broken_table_is_named_by_line_and_column(string part, string instead, int line, string column, string message)
    {
        using var folder = new TempFolder();
        var csv = CsvTables.ToCsv([new Row("a, b", 3, 0.1, null, true, Colour.Green, 7, null)]);
        Assert.Contains(part, csv);
        var error = Assert.Throws<TableFormatException>(() => CsvTables.Read<Row>(folder.With("t.csv", csv.Replace(part, instead))));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_column_that_no_table_holds_is_refused() => Assert.Contains("Odd.When", Assert.Throws<ArgumentException>(() => CsvTables.ToCsv<Odd>([])).Message);

    [Fact]
    public void A_data_frame_keeps_types_and_missing_values()
    {
        var frame = CsvTables.ToDataFrame<Row>([new Row("a", 3, 0.25, null, true, Colour.Green, 7, "n"), new Row("b", 4, 0.5, 0.75, false, Colour.Red, 8, null)]);
        Assert.Equal((2L, 8), (frame.Rows.Count, frame.Columns.Count));
        Assert.Equal((1L, 0.375), (frame["Ceiling"].NullCount, frame["Accuracy"].Mean()));
        Assert.Equal("Green", frame["Colour"][0]);
    }
}
