using System.Text.Json;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class FigureTests
{
    public static TheoryData<string> Charts => ["pathways", "scaling", "stages", "training"];

    internal static Figure Draw(string chart) => chart switch
    {
        "pathways" => PathwayFigure.Draw("A finding", SomeRows.Pathways(2, 3, 2)),
        "scaling" => ScalingFigure.Draw("A finding", SomeRows.Scaling(3), SomeRows.Published()),
        "stages" => StagesFigure.Draw("A finding", SomeRows.Stages()),
        _ => TrainingCurveFigure.Draw("A finding", SomeRows.Curves()),
    };

    [Theory]
    [MemberData(nameof(Charts))]
    public void The_same_rows_give_the_same_bytes(string chart)
    {
        var first = Draw(chart);
        Assert.Equal(first.ToJson(), Draw(chart).ToJson());
        using (new OtherCulture("de-DE"))
        {
            var again = Draw(chart);
            Assert.Equal(first.ToJson(), again.ToJson());
            Assert.Equal(first.Caption, again.Caption);
            Assert.Equal(first.Table.ToCsv(), again.Table.ToCsv());
        }
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void A_figure_is_drawn_again_from_its_saved_table(string chart)
    {
        var figure = Draw(chart);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        figure.Table.Save(path);
        var table = FigureTable.Load(path);
        File.Delete(path);
        var again = chart switch
        {
            "pathways" => PathwayFigure.Draw("A finding", table.As<PathwayRow>()),
            "scaling" => ScalingFigure.Draw("A finding", table.As<ScalingRow>(), SomeRows.Published()),
            "stages" => StagesFigure.Draw("A finding", table.As<StageRow>()),
            _ => TrainingCurveFigure.Draw("A finding", table.As<CurvePoint>()),
        };
        Assert.Equal(figure.ToJson(), again.ToJson());
        Assert.Equal(figure.Table.ToCsv(), table.ToCsv());
    }

    [Fact]
    public void Every_arm_kind_and_budget_is_in_the_pathway_figure_with_its_interval()
    {
        var rows = SomeRows.Pathways(2, 1, 2);
        using var json = JsonDocument.Parse(PathwayFigure.Draw("A finding", rows).ToJson());
        var traces = json.RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(2 * 4 * 2, traces.Count);
        var drawn = traces.SelectMany(t => t.GetProperty("x").EnumerateArray().Zip(
            t.GetProperty("error_x").GetProperty("arrayminus").EnumerateArray(), (x, minus) => (x.GetDouble(), Math.Round(x.GetDouble() - minus.GetDouble(), 6)))).ToHashSet();
        Assert.All(rows, r => Assert.Contains((r.Accuracy, Math.Round(r.Low, 6)), drawn));
        var notes = json.RootElement.GetProperty("layout").GetProperty("annotations").ToString();
        Assert.Contains("Equal tokens", notes);
        Assert.Contains("n = 240", notes);
        Assert.Contains("one seed", notes);
    }

    [Fact]
    public void Several_seeds_need_a_row_that_pools_them()
    {
        var rows = SomeRows.Pathways(1, 3).Where(r => r.Seed is not null).ToList();
        Assert.Contains("has 3 seeds and no row that pools them", Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", rows)).Message);
        Assert.Contains("stand twice", Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", [.. rows.Take(1), .. rows.Take(1)])).Message);
    }

    [Fact]
    public void An_interval_that_does_not_hold_its_point_is_refused()
    {
        var row = SomeRows.Pathways(1)[0];
        Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", [row with { Accuracy = 42 }]));
        Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", [row with { Low = row.Accuracy + 0.1 }]));
        Assert.Throws<ArgumentException>(() => TrainingCurveFigure.Draw("x", [new CurvePoint("loss", "a", 1, double.NaN)]));
        Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", []));
    }

    [Fact]
    public void The_log_linear_trend_is_the_least_squares_line()
    {
        // Exactly 10 + 20 log10(size): slope and R² are known.
        List<PublishedRow> rows = [.. new[] { 1.0, 10, 100 }.Select(b => new PublishedRow($"M{b}", b, 10 + (20 * Math.Log10(b)), false, "made up", "nowhere"))];
        var figure = ScalingFigure.Draw("x", SomeRows.Scaling(), rows);
        Assert.Contains("general: +20.0 points per tenfold size, R² = 1.00", figure.Caption.Replace('\u00a0', ' '));
    }

    [Fact]
    public void Models_of_unknown_size_stay_in_the_table_and_are_counted()
    {
        var figure = ScalingFigure.Draw("x", SomeRows.Scaling(), SomeRows.Published());
        Assert.Contains("4 published", figure.Caption);
        Assert.Contains("1 of unknown size", figure.Caption);
        Assert.Equal(5, figure.Tables[1].Rows.Count);
        Assert.Equal("published", figure.Tables[1].Name);
    }

    [Fact]
    public void No_plotly_or_fsharp_type_is_in_a_public_signature()
    {
        var types = typeof(Figure).Assembly.GetExportedTypes().Where(t => t.Namespace == typeof(Figure).Namespace).ToList();
        Assert.NotEmpty(types);
        var used = types.SelectMany(t => t.GetMethods().SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
            .Concat(t.GetProperties().Select(p => p.PropertyType)).Concat(t.GetConstructors().SelectMany(c => c.GetParameters().Select(p => p.ParameterType))));
        Assert.DoesNotContain(used, t => t.Assembly.GetName().Name is "Plotly.NET" or "FSharp.Core" or "DynamicObj" or "Newtonsoft.Json");
    }

    [Fact]
    public void Drawing_loads_no_plotly_into_the_default_context()
    {
        _ = Draw("training").Html();
        Assert.DoesNotContain(System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies, a => a.GetName().Name is "Plotly.NET" or "FSharp.Core");
    }

    [Fact]
    public void The_page_is_self_contained_and_its_words_are_escaped()
    {
        var html = PathwayFigure.Draw("A </script><b>finding</b>", SomeRows.Pathways(1)).Html();
        Assert.Contains("plotly.js v2.28.0", html);
        Assert.DoesNotContain("</script><b>", html);
        Assert.DoesNotContain("src=\"http", html);
    }

    [Theory]
    [InlineData("PatternRecognition", "Pattern recognition")]
    [InlineData("HypotheticoDeductive", "Hypothetico-deductive")]
    [InlineData("CPT + SFT", "CPT + SFT")]
    [InlineData("direct", "Direct")]
    public void Names_become_readable(string name, string label) => Assert.Equal(label, FigureLook.Label(name));

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("Big")]
    public void An_id_that_is_no_file_name_is_refused(string id) =>
        Assert.Throws<ArgumentException>(() => PathwayFigure.Draw("x", SomeRows.Pathways(1), new FigureText(id)));
}
