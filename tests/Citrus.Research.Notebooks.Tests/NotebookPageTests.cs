namespace Citrus.Research.Notebooks.Tests;

public sealed class NotebookPageTests
{
    [Fact]
    public async Task Text_is_escaped_and_html_of_the_run_is_shown_as_it_is()
    {
        using var notebook = SomeNotebook.Of("Console.Write(\"<script>alert(1)</script> & more\"); HTML(\"<em>ours</em>\")", "\"<img src=x>\"").Markdown("# A *title*");
        await notebook.Run();
        var page = await File.ReadAllTextAsync(notebook.Html, TestContext.Current.CancellationToken);
        Assert.Contains("<pre class=\"stream stdout\">&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</pre>", page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("<img src=x>", page);
        Assert.Contains("<em>ours</em>", page);
        Assert.Contains("<h1>A <em>title</em></h1>", page);
    }

    [Fact]
    public void Html_of_a_notebook_from_elsewhere_is_shut_into_a_sandbox()
    {
        var json = """{"nbformat":4,"cells":[{"cell_type":"code","source":"x","metadata":{},"outputs":[{"output_type":"display_data","metadata":{},"data":{"text/html":"<script>steal()</script>\"><b>"}}]},{"cell_type":"markdown","source":"<script>steal()</script> [a](javascript:steal()) <javascript:steal()> [b](https://example.org/) [c](other.html)"}]}""";
        var page = NotebookPage.Render(Notebook.Parse(json, "x.ipynb"), trustOutputs: false);
        Assert.DoesNotContain("href=\"javascript", page);
        Assert.Contains("href=\"https://example.org/\"", page);
        Assert.Contains("href=\"other.html\"", page);
        Assert.DoesNotContain("<script>steal", page);
        Assert.Contains("<iframe class=\"output\" sandbox srcdoc=\"&lt;script&gt;steal()", page);
    }

    [Fact]
    public void A_figure_cannot_end_the_script_that_draws_it()
    {
        var json = """{"nbformat":4,"cells":[{"cell_type":"code","source":"x","metadata":{},"outputs":[{"output_type":"display_data","metadata":{},"data":{"application/vnd.plotly.v1+json":{"data":[],"layout":{"title":"</script><b>"}}}}]}]}""";
        var page = NotebookPage.Render(Notebook.Parse(json, "x.ipynb"), plotlyScript: "//");
        Assert.DoesNotContain("</script><b>", page);
        Assert.Contains("\\u003c/script", page);
    }
}
