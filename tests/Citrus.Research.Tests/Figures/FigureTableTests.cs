using Citrus.Research.Evaluation;
using Citrus.Research.Figures;
using CsCheck;

namespace Citrus.Research.Tests.Figures;

public sealed class FigureTableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("citrus-tables-").FullName;

    [Fact]
    public void Rows_survive_saving_and_loading()
    {
        var path = Path.Combine(folder, "t.csv");
        Gen.Select(Gen.String[Gen.Char["ab,\"\n é=;"], 0, 8], Gen.Double[-1e9, 1e9], Gen.Double[0, 1e-9], Gen.Int, Gen.Bool).Array[0, 6].Sample(cells =>
        {
            var rows = cells.Select(c => new PublishedRow(c.Item1, c.Item4 % 2 == 0 ? c.Item2 : null, c.Item3, c.Item5, c.Item1 + "|", "s")).ToList();
            FigureTable.Of(rows).Save(path);
            Assert.Equal(rows, FigureTable.Load(path).As<PublishedRow>());
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void A_table_has_line_feeds_and_points()
    {
        using (new OtherCulture("de-DE"))
            Assert.Equal("Panel,Run,X,Y\nloss,\"a,b\",0.1,1E-07\n", FigureTable.Of([new CurvePoint("loss", "a,b", 0.1, 1e-7)]).ToCsv());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Panel,Run,X\na,b,1\n", "no column Y")]
    [InlineData("Panel,Run,X,Y\na,b,1,2\na,b,one,2\n", "Line 3, column X: \"one\"")]
    [InlineData("Panel,Run,X,Y\na,b\n", "2 cells")]
    public void A_broken_table_says_where(string csv, string expected)
    {
        var path = Path.Combine(folder, "broken.csv");
        File.WriteAllText(path, csv);
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => FigureTable.Load(path).As<CurvePoint>()).Message);
    }

    [Fact]
    public void A_published_number_without_a_source_is_refused()
    {
        var path = Path.Combine(folder, "published.csv");
        File.WriteAllText(path, "model,params_b,medqa_acc,setting,source\nMedGemma-4B,4,60.5,med,card\nClosed,,90,closed,paper\n");
        Assert.Equal([("MedGemma-4B", 4.0, true), ("Closed", null, false)], PublishedRow.Load(path).Select(r => (r.Model, r.Billions, r.Medical)));
        File.WriteAllText(path, "model,params_b,medqa_acc,setting,source\nX,4,60.5,med,\n");
        var error = Assert.Throws<TableFormatException>(() => PublishedRow.Load(path)).Message;
        Assert.Contains("line 2", error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("source", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
