using System.Text.Json;
using Citrus.Research.Evaluation;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class PublishedFiguresTests
{
    private static List<JsonElement> Traces(Figure figure) => [.. JsonDocument.Parse(figure.ToJson()).RootElement.GetProperty("data").EnumerateArray()];

    private static SizeRow Row(string model, double? billions, string group, double accuracy) => new(model, billions, group, 1273, accuracy, accuracy - 0.02, accuracy + 0.02, true, "made up", "nowhere");

    private static readonly MeasuredScore Ours = new("ours", 4_000_000, "MedQA", 320, 1273, "likelihood", "a run");

    /// <summary>Exactly 50 + 10 log10(size) for general and 20 more for medical models.</summary>
    private static readonly List<SizeRow> OnLines =
    [
        .. from b in new[] { 1.0, 10, 100 }
           from kind in new[] { (Name: SizeRow.General, More: 0.0), (Name: SizeRow.Medical, More: 0.2) }
           select Row($"{kind.Name}-{b}", b, kind.Name, 0.5 + (0.1 * Math.Log10(b)) + kind.More),
    ];

    [Fact]
    public void Each_group_has_its_line_and_points_on_it_have_no_residual()
    {
        var figure = SizeFigure.Draw("A finding", OnLines, 0.25);
        var fits = figure.Tables[1].As<FitRow>();
        Assert.Equal([("general", 10.0, 50.0), ("medical", 10.0, 70.0)], fits.Select(f => (f.Group, Math.Round(f.Slope, 9), Math.Round(f.Intercept, 9))));
        Assert.Contains("general +10.0 ± 0.0 points per tenfold size (R² = 1.00", figure.Caption.Replace('\u00a0', ' '));
        Assert.All(Traces(figure).Where(t => t.GetProperty("yaxis").GetString() == "y2"), t => Assert.All(t.GetProperty("y").EnumerateArray(), y => Assert.Equal(0, y.GetDouble(), 6)));
    }

    [Fact]
    public void A_measured_point_is_drawn_beside_the_published_ones_and_moves_no_line()
    {
        var without = SizeFigure.Draw("A finding", OnLines, 0.25);
        var with = SizeFigure.Draw("A finding", [.. OnLines, SizeRow.Of(Ours)], 0.25);
        Assert.Equal(without.Tables[1].ToCsv(), with.Tables[1].ToCsv());
        var star = Traces(with).Single(t => t.TryGetProperty("name", out var name) && name.GetString() == "Measured here");
        Assert.Equal((0.004, Math.Round(320.0 / 1273, 6)), (star.GetProperty("x")[0].GetDouble(), star.GetProperty("y")[0].GetDouble()));
        Assert.Contains("1 measured here", with.Caption);
    }

    [Fact]
    public void An_unknown_size_stays_in_the_table_and_a_broken_interval_is_refused()
    {
        var figure = SizeFigure.Draw("A finding", [.. OnLines, Row("closed", null, SizeRow.General, 0.9)], 0.25);
        Assert.Contains("1 of unknown size", figure.Caption);
        Assert.Equal(7, figure.Table.Rows.Count);
        Assert.Throws<ArgumentException>(() => SizeFigure.Draw("x", [Row("m", 1, SizeRow.General, 0.99) with { High = 1.01 }], 0.25));
        Assert.Throws<ArgumentException>(() => SizeFigure.Draw("x", [Row("closed", null, SizeRow.General, 0.9)], 0.25));
    }

    [Fact]
    public void A_published_accuracy_gets_Wilsons_interval_at_the_size_of_the_test_file()
    {
        var row = SizeRow.Of(new PublishedScore("Citrus x", 70, 83.12, "s", "src"));
        Assert.Equal(0.8095372633685193, row.Low, 12);
        Assert.Equal(0.8506856595138604, row.High, 12);
        Assert.Equal((SizeRow.Medical, false, 1273), (row.Group, row.Checked, row.N));
    }

    [Fact]
    public void The_shipped_tables_can_be_drawn_and_their_titles_state_findings()
    {
        var bySize = PublishedFigures.MedQaBySize([Ours, Ours with { Benchmark = "PubMedQA" }]);
        Assert.Equal(109, bySize.Table.Rows.Count);
        Assert.Throws<InvalidDataException>(() => PublishedFigures.MedQaBySize([Ours with { Right = 1300 }]));
        Assert.Contains("points more on MedQA", bySize.Title);
        var benchmarks = PublishedFigures.Benchmarks([Ours]);
        Assert.Contains("hollow: measured here", benchmarks.Caption);
        // The measured model brings what was published of it, on the benchmark that it was measured on.
        var beside = PublishedFigures.Benchmarks([Ours with { Model = "Mistral-7B-Instruct (v0.1)", Benchmark = "MMLU-Pro health" }]).Table.As<BenchmarkRow>();
        Assert.Equal([false, true], beside.Where(r => r is { Benchmark: "MMLU-Pro health", Model: "Mistral-7B-Instruct (v0.1)" }).Select(r => r.Measured));
        Assert.Contains("the table of benchmarks has no model", Assert.Throws<ArgumentException>(() => PublishedFigures.Benchmarks(models: ["nobody"])).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_committed_measurements_can_be_read_and_drawn()
    {
        var measured = CsvTables.Read<MeasuredScore>(Path.Combine(Repository.Root, "results", "evaluation", "measured.csv"));
        Assert.Contains(measured, m => m is { Benchmark: "MedQA", N: 1273 });
        Assert.Contains("measured here", PublishedFigures.MedQaBySize(measured).Caption);
        Assert.Equal(measured.Count, PublishedFigures.Benchmarks(measured).Table.As<BenchmarkRow>().Count(r => r.Measured));
    }

    /// <summary>83.12, 84.13 and 83.74 are one number at n = 1273, and so are 87.82 and 87.20; what stage 3 and preference training add to what went before is not.</summary>
    [Fact]
    public void Table_5_tells_steps_from_noise()
    {
        var figure = PublishedFigures.Stages();
        var steps = figure.Tables[1].As<RungRow>();
        Assert.Equal(8, steps.Count);
        Assert.Equal(["stages 1-2 − Llama-3.1-70B base", "stage 3 with 20k − stages 1-2", "RL with 17k − stage 3 with 130k"], steps.Where(s => s.PValue < RungRow.Level).Select(s => s.Step));
        Assert.All(steps.Where(s => s.PValue < RungRow.Level), s => Assert.True(s.Low > 0));
        Assert.StartsWith("3 of 7 published steps", figure.Title);
        Assert.Contains("as if the answers were independent", figure.Caption);
    }

    [Fact]
    public void Too_many_models_a_row_that_stands_twice_and_half_an_interval_are_refused()
    {
        BenchmarkRow One(string model) => BenchmarkRow.Of(Ours with { Model = model });
        Assert.Throws<ArgumentException>(() => BenchmarkFigure.Draw("x", []));
        Assert.Contains("too many", Assert.Throws<ArgumentException>(() => BenchmarkFigure.Draw("x", [.. "abcdefgh".Select(c => One(c.ToString()))])).Message);
        Assert.Contains("2 times", Assert.Throws<ArgumentException>(() => BenchmarkFigure.Draw("x", [One("a"), One("a")])).Message);
        Assert.Throws<ArgumentException>(() => BenchmarkFigure.Draw("x", [One("a") with { Low = null }]));
    }

    [Fact]
    public void A_figure_is_drawn_again_from_its_saved_table_in_any_culture()
    {
        var (size, dots) = (SizeFigure.Draw("A finding", OnLines, 0.25), PublishedFigures.Benchmarks());
        using (new OtherCulture("de-DE"))
        {
            Assert.Equal(size.ToJson(), SizeFigure.Draw("A finding", size.Table.As<SizeRow>(), 0.25).ToJson());
            Assert.Equal(dots.ToJson(), BenchmarkFigure.Draw(dots.Title, dots.Table.As<BenchmarkRow>(), new FigureText("benchmarks", null, "95 % intervals (Wilson)")).ToJson());
        }
    }
}
