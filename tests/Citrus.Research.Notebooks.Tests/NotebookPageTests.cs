using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Formatting;

namespace Citrus.Research.Notebooks.Tests;

public sealed class NotebookPageTests
{
    private static Notebook Showing(string html, string markdown)
    {
        var output = new JsonObject { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { ["text/html"] = html } };
        var code = new JsonObject { ["cell_type"] = "code", ["source"] = "x", ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(output) };
        var prose = new JsonObject { ["cell_type"] = "markdown", ["source"] = markdown, ["metadata"] = new JsonObject() };
        return Notebook.Parse(new JsonObject { ["nbformat"] = 4, ["cells"] = new JsonArray(code, prose) }.ToJsonString(), "x.ipynb");
    }

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
    public void Html_that_does_more_than_show_text_is_shut_into_a_sandbox()
    {
        var page = NotebookPage.Render(Showing("<script>steal()</script>\"><b>", "<script>steal()</script> [a](javascript:steal()) <javascript:steal()> [b](https://example.org/) [c](other.html)"));
        Assert.DoesNotContain("href=\"javascript", page);
        Assert.Contains("href=\"https://example.org/\"", page);
        Assert.Contains("href=\"other.html\"", page);
        Assert.DoesNotContain("<script>steal", page);
        Assert.Contains("<iframe class=\"output\" sandbox=\"allow-scripts\" srcdoc=\"", page);
        Assert.Contains("&lt;script&gt;steal()", page);
    }

    [Theory]
    [InlineData("<table class=\"a b\"><tr><td colspan=\"2\" style=\"text-align:right; padding-left: 8px\">1 &lt; 2<br/></td></tr></table>", true)]
    [InlineData("<details open=\"open\"><summary>s</summary><pre>x</pre></details>", true)]
    [InlineData("plain & simple", true)]
    [InlineData("<img src=x onerror=alert(1)>", false)]
    [InlineData("<p onclick=\"alert(1)\">x</p>", false)]
    [InlineData("<p style=\"position:fixed;top:0\">x</p>", false)]
    [InlineData("<p style=\"background:url(https://example.org/)\">x</p>", false)]
    [InlineData("<p style=\"margin-top:-900px\">x</p>", false)]
    [InlineData("</div></main><p>x</p>", false)]
    [InlineData("<div><p>x</div></p>", false)]
    [InlineData("<style>body{display:none}</style>", false)]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", false)]
    [InlineData("<svg><script>alert(1)</script></svg>", false)]
    [InlineData("<p>a <b", false)]
    [InlineData("<!-- <p> -->", false)]
    [InlineData("<p/onload=alert(1)>x</p>", false)]
    public void Only_html_that_can_do_nothing_stands_in_the_page_itself(string html, bool inline) => Assert.Equal(inline, HarmlessHtml.Is(html, out _));

    [Fact]
    public async Task A_browser_runs_the_script_of_an_output_where_it_cannot_reach_the_page()
    {
        if (PlotlyPicture.Browser() is not { } browser)
        {
            Assert.Skip("no Chromium, Chrome or Edge here");
            return;
        }

        // The script tries to write into the page, to replace it, and tells by its own height (333 px) that it did run.
        var hostile = """
            <div id="own" style="height:333px"></div><script>
            try { parent.document.title = "taken"; parent.document.body.innerHTML = "taken"; } catch (e) { }
            try { top.location = "about:blank#taken"; } catch (e) { }
            document.getElementById("own").textContent = "ran";
            </script>
            """;
        var folder = Directory.CreateTempSubdirectory("citrus-page-").FullName;
        try
        {
            var path = Path.Combine(folder, "page.html");
            await File.WriteAllTextAsync(path, NotebookPage.Render(Showing(hostile, "# Title")), TestContext.Current.CancellationToken);
            var dom = PlotlyPicture.Dump(browser, path, Path.Combine(folder, "profile"));
            Assert.Contains("<title>Title</title>", dom);
            Assert.Contains("<h1>Title</h1>", dom);
            Assert.Matches("style=\"height: 3[34]\\dpx;?\"", dom);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
