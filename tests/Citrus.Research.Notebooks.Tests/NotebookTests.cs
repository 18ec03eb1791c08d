using System.Text.Json.Nodes;
using CsCheck;

namespace Citrus.Research.Notebooks.Tests;

public sealed class NotebookTests
{
    [Theory]
    [InlineData("{\"cells\": [", "not JSON (line 1")]
    [InlineData("[]", "no Jupyter notebook")]
    [InlineData("{}", "no Jupyter notebook")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "nbformat 3 is not read")]
    [InlineData("{\"nbformat\": 4}", "\"cells\" must be a list")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\"}]}", "cell 1: cell_type \"heading\"")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": 5}]}", "must be a text")]
    public void A_file_that_is_no_notebook_is_refused_in_words(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<NotebookFormatException>(() => Notebook.Parse(json, "bad.ipynb")).Message);

    [Fact]
    public void A_notebook_survives_reading_and_writing()
    {
        Gen.String[0, 60].Array[0, 5].Sample(sources =>
        {
            var cells = new JsonArray([.. sources.Select(s => new JsonObject { ["cell_type"] = "code", ["source"] = s, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray() })]);
            var json = new JsonObject { ["cells"] = cells, ["nbformat"] = 4, ["nbformat_minor"] = 2 }.ToJsonString();
            var once = Notebook.Parse(json, "x").ToJson();
            var twice = Notebook.Parse(once, "x");
            Assert.Equal(once, twice.ToJson());
            Assert.Equal(sources.Select(s => s.ReplaceLineEndings("\n")), twice.Cells.Select(c => c.Source));
        }, iter: 200);
    }

    [Fact]
    public void Cells_get_valid_ids_that_are_unique()
    {
        var json = """{"nbformat":4,"cells":[{"cell_type":"raw","id":"same","source":""},{"cell_type":"raw","id":"same","source":""},{"cell_type":"raw","id":"not valid!","source":""},{"cell_type":"raw","id":"cell-2","source":""}]}""";
        var ids = Notebook.Parse(json, "x").Cells.Select(c => c.Id).ToList();
        Assert.Equal(["same", "cell-2x", "cell-3", "cell-2"], ids);
    }

    [Fact]
    public async Task An_executed_copy_has_the_shape_that_nbformat_4_5_asks_for()
    {
        using var notebook = SomeNotebook.Of("Console.WriteLine(1);", "", "display(2); 3", "throw new Exception(\"x\");").Markdown("# Title");
        await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        var root = JsonNode.Parse(await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken))!;
        Assert.Equal((4, 5), ((int)root["nbformat"]!, (int)root["nbformat_minor"]!));
        Assert.Equal(["1", "", "2", "3", "-"], root["cells"]!.AsArray().Select(c => c!.AsObject().ContainsKey("execution_count") ? c["execution_count"]?.ToString() ?? "" : "-"));
        var allowed = new Dictionary<string, string[]>
        {
            ["stream"] = ["name", "output_type", "text"],
            ["display_data"] = ["data", "metadata", "output_type"],
            ["execute_result"] = ["data", "execution_count", "metadata", "output_type"],
            ["error"] = ["ename", "evalue", "output_type", "traceback"],
        };
        var outputs = root["cells"]!.AsArray().SelectMany(c => c!["outputs"] as JsonArray ?? []).ToList();
        Assert.Equal(["stream", "display_data", "execute_result", "error"], outputs.Select(o => (string)o!["output_type"]!));
        foreach (var output in outputs) Assert.Equal(allowed[(string)output!["output_type"]!], output.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }
}
