namespace Citrus.Research.Notebooks.Tests;

public sealed class ShownValuesTests
{
    [Fact]
    public async Task Records_are_a_table_with_a_column_for_each_property()
    {
        using var notebook = SomeNotebook.Of("record Row(string Name, double Share, DateTime? At);\nnew[] { new Row(\"<a>\", 0.5, null), new Row(\"b\", 1, null) }", "Enumerable.Range(0, 1000).Select(i => new { I = i, Odd = i % 2 == 1 })", "new List<Row>()");
        var run = await notebook.Run();
        var html = run.Notebook.Cells[0].Outputs.Single().As("text/html")!;
        Assert.StartsWith("<table><thead><tr><th>Name</th><th>Share</th><th>At</th></tr></thead>", html);
        Assert.Contains("<tr><td>&lt;a&gt;</td><td>0.5</td><td></td></tr>", html);
        Assert.Contains("2 rows, 3 columns", html);
        var lazy = run.Notebook.Cells[1].Outputs.Single().As("text/html")!;
        Assert.Contains("<th>I</th><th>Odd</th>", lazy);
        Assert.Contains("the first 20 rows are shown", lazy);
        Assert.Contains("0 rows, 3 columns", run.Notebook.Cells[2].Outputs.Single().As("text/html"));
        // They stand in the page as they are.
        Assert.DoesNotContain("<iframe", await File.ReadAllTextAsync(notebook.Html, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_property_that_throws_is_told_in_its_cell_and_a_formatter_of_one_s_own_is_left_alone()
    {
        using var notebook = SomeNotebook.Of(
            "class Bad { public int Good => 1; public int Worse => throw new Exception(\"no\"); }\nnew[] { new Bad() }",
            "class Own { public int X => 1; }\nFormatter.Register<Own>(o => \"<b>own</b>\", \"text/html\");\nnew[] { new Own() }");
        var run = await notebook.Run();
        Assert.Contains("<td>1</td><td>[Exception: no]</td>", run.Notebook.Cells[0].Outputs.Single().As("text/html"));
        Assert.Contains("<b>own</b>", run.Notebook.Cells[1].Outputs.Single().As("text/html"));
    }

    [Fact]
    public async Task What_a_formatter_gives_as_json_and_is_none_does_not_spoil_the_file()
    {
        using var notebook = SomeNotebook.Of("display(\"{ not json\", \"application/vnd.x+json\"); display(new object(), \"image/png\"); 1");
        var run = await notebook.Run();
        Assert.Contains("could not be formatted as application/vnd.x+json", run.Notebook.Cells[0].Outputs[0].As("text/plain"));
        Assert.Contains("it is no chart", run.Notebook.Cells[0].Outputs[1].As("text/plain"));
        Assert.Equal(3, Notebook.Read(notebook.Executed).Cells[0].Outputs.Count);
    }

    [Fact]
    public async Task A_data_frame_of_whatever_version_is_a_table_with_its_shape()
    {
        using var notebook = SomeNotebook.Of(
            """
            #r "nuget: Microsoft.Data.Analysis, 0.23.1"
            using Microsoft.Data.Analysis;
            new DataFrame(new Int32DataFrameColumn("n", Enumerable.Range(0, 50)), new StringDataFrameColumn("s", Enumerable.Range(0, 50).Select(i => "<" + i)))
            """);
        var output = (await RunOrSkip(notebook)).Notebook.Cells[0].Outputs[^1];
        Assert.StartsWith("<table><thead><tr><th>n</th><th>s</th></tr></thead><tbody>\n<tr><td>0</td><td>&lt;0</td></tr>", output.As("text/html"));
        Assert.Contains("50 rows, 2 columns; the first 20 rows are shown", output.As("text/html"));
        Assert.Contains("19  <19", output.As("text/plain"));
    }

    [Fact]
    public async Task A_chart_of_Plotly_NET_is_shown_as_figure_page_and_picture()
    {
        using var notebook = SomeNotebook.Of(
            """
            #r "nuget: Plotly.NET, 6.0.0"
            using Plotly.NET;
            var trace = new Plotly.NET.Trace("scatter");
            trace.SetProperty("x", new[] { 1, 2, 3 }); trace.SetProperty("y", new[] { 2, 1, 4 });
            var chart = GenericChart.ofTraceObject(false, trace);
            chart
            """,
            "display(chart, \"image/svg+xml\"); display(chart, \"image/png\");");
        var run = await RunOrSkip(notebook);
        var shown = run.Notebook.Cells[0].Outputs[^1];
        Assert.Contains("\"scatter\"", shown.As("application/vnd.plotly.v1+json"));
        Assert.NotNull(shown.As("text/html"));
        Assert.Contains("Plotly.newPlot(\"figure-1\"", await File.ReadAllTextAsync(notebook.Html, TestContext.Current.CancellationToken));
        var (svg, png) = (run.Notebook.Cells[1].Outputs[0], run.Notebook.Cells[1].Outputs[1]);
        if (Formatting.PlotlyPicture.Browser() is null)
        {
            Assert.Contains("no Chromium", svg.As("text/plain"));
            Assert.NotNull(svg.As("application/vnd.plotly.v1+json"));
            return;
        }

        Assert.StartsWith("<svg", svg.As("image/svg+xml"));
        // The signature of PNG, in base64.
        Assert.StartsWith("iVBORw0KGgo", png.As("image/png"));
    }

    private static async Task<NotebookRun> RunOrSkip(SomeNotebook notebook)
    {
        try
        {
            return await notebook.Run();
        }
        catch (CellFailedException e) when (e.Message.Contains("NU1301", StringComparison.Ordinal) || e.Message.Contains("NU1101", StringComparison.Ordinal))
        {
            Assert.Skip($"the package cannot be had here: {e.Message}");
            throw;
        }
    }
}
