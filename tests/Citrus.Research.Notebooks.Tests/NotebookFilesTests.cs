using System.Text.Json.Nodes;
using Citrus.Research.Notebooks.Files;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>Ours against Jupyter's own nbformat (Debian: python3-nbformat), which is skipped where it is absent.</summary>
public sealed class NotebookFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("citrus-files-").FullName;

    private static JsonObject Valid() => JsonNode.Parse("""
        {"cells":[
          {"cell_type":"markdown","id":"a","metadata":{"tags":["x"]},"source":["# T\n","é 😀 \u2028 </script>"],"attachments":{"p.png":{"image/png":"aGk="}}},
          {"cell_type":"code","id":"b","metadata":{"collapsed":true},"execution_count":1,"source":"1","outputs":[
            {"output_type":"stream","name":"stdout","text":["a\n","b"]},
            {"output_type":"execute_result","execution_count":1,"metadata":{},"data":{"text/plain":"1","application/vnd.plotly.v1+json":{"data":[1.5,null,true],"layout":{}}}},
            {"output_type":"display_data","metadata":{},"data":{"text/html":["<b>","</b>"]}},
            {"output_type":"error","ename":"E","evalue":"v","traceback":["t"]}]},
          {"cell_type":"raw","id":"c","metadata":{},"source":""}],
         "metadata":{"kernelspec":{"name":".net-csharp","display_name":"C#"},"language_info":{"name":"C#"}},"nbformat":4,"nbformat_minor":5}
        """)!.AsObject();

    /// <summary>Each damages a valid notebook in one way.</summary>
    private static readonly (string Name, Action<JsonObject> Damage)[] Damages =
    [
        ("nothing", _ => { }),
        ("no cells", n => n.Remove("cells")),
        ("no metadata", n => n.Remove("metadata")),
        ("member too many", n => n["more"] = 1),
        ("kernelspec without name", n => n["metadata"]!["kernelspec"]!.AsObject().Remove("name")),
        ("language as text", n => n["metadata"]!["language_info"] = "C#"),
        ("title as number", n => n["metadata"]!["title"] = 1),
        ("authors as text", n => n["metadata"]!["authors"] = "me"),
        ("no id", n => Cell(n, 1).Remove("id")),
        ("id with a blank", n => Cell(n, 1)["id"] = "a b"),
        ("id too long", n => Cell(n, 1)["id"] = new string('a', 65)),
        ("id empty", n => Cell(n, 1)["id"] = ""),
        ("source as number", n => Cell(n, 1)["source"] = 1),
        ("source with a number", n => Cell(n, 0)["source"] = new JsonArray("a", 1)),
        ("no source", n => Cell(n, 2).Remove("source")),
        ("outputs of prose", n => Cell(n, 0)["outputs"] = new JsonArray()),
        ("no outputs of code", n => Cell(n, 1).Remove("outputs")),
        ("no count", n => Cell(n, 1).Remove("execution_count")),
        ("negative count", n => Cell(n, 1)["execution_count"] = -1),
        ("count as text", n => Cell(n, 1)["execution_count"] = "1"),
        ("count null", n => Cell(n, 1)["execution_count"] = null),
        ("attachments of code", n => Cell(n, 1)["attachments"] = new JsonObject()),
        ("tags twice", n => Cell(n, 1)["metadata"]!["tags"] = new JsonArray("x", "x")),
        ("tag with a comma", n => Cell(n, 1)["metadata"]!["tags"] = new JsonArray("x,y")),
        ("tags as text", n => Cell(n, 1)["metadata"]!["tags"] = "x"),
        ("collapsed as text", n => Cell(n, 1)["metadata"]!["collapsed"] = "yes"),
        ("scrolled auto", n => Cell(n, 1)["metadata"]!["scrolled"] = "auto"),
        ("scrolled otherwise", n => Cell(n, 1)["metadata"]!["scrolled"] = "much"),
        ("execution times as numbers", n => Cell(n, 1)["metadata"]!["execution"] = new JsonObject { ["iopub.status.busy"] = 1 }),
        ("unknown cell", n => Cell(n, 1)["cell_type"] = "heading"),
        ("stream without name", n => Output(n, 0).Remove("name")),
        ("stream with more", n => Output(n, 0)["metadata"] = new JsonObject()),
        ("result without count", n => Output(n, 1).Remove("execution_count")),
        ("html as object", n => Output(n, 2)["data"]!["text/html"] = new JsonObject()),
        ("json of another kind as object", n => Output(n, 2)["data"]!["model/x+json"] = new JsonObject()),
        ("display without metadata", n => Output(n, 2).Remove("metadata")),
        ("traceback as text", n => Output(n, 3)["traceback"] = "t"),
        ("unknown output", n => Output(n, 3)["output_type"] = "pyout"),
        ("minor 4 with ids", n => n["nbformat_minor"] = 4),
    ];

    [Fact]
    public async Task What_is_found_wrong_is_what_Jupyter_s_own_validator_finds_wrong()
    {
        for (var i = 0; i < Damages.Length; i++)
        {
            var notebook = Valid();
            Damages[i].Damage(notebook);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{i:00}.ipynb"), notebook.ToJsonString(), TestContext.Current.CancellationToken);
        }

        // A minor of 4 is judged by the schema of 4.4 there; here a notebook must be of 4.5.
        var theirs = await Python("""
            import sys, glob, json
            from nbformat.validator import get_validator
            for path in sorted(glob.glob(sys.argv[1] + "/*.ipynb")):
                print(int(len(list(get_validator(4, 5).iter_errors(json.load(open(path))))) == 0))
            """, folder);
        var verdicts = theirs.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Damages.Length, verdicts.Length);
        for (var i = 0; i < Damages.Length; i++)
        {
            var ours = NotebookSchema.Check(NotebookFile.Read(Path.Combine(folder, $"{i:00}.ipynb"))).ToList();
            Assert.True((verdicts[i] == "1") == (ours.Count == 0), $"{Damages[i].Name}: nbformat says {(verdicts[i] == "1" ? "valid" : "invalid")}, we say: {string.Join("; ", ours)}");
        }
    }

    [Fact]
    public async Task What_is_written_is_what_Jupyter_would_write_byte_for_byte()
    {
        using var notebook = SomeNotebook.Of("Console.WriteLine(\"é 😀 \\u2028 \\t \\\\ \\\"\"); new { A = 1.50, B = \"<x>\" }", "throw new Exception(\"no\");").Markdown("# Title\n\n*text*");
        notebook.Metadata["z"] = new JsonObject { ["b"] = 1, ["a"] = new JsonArray() };
        await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        var verdict = await Python("""
            import sys, nbformat
            text = open(sys.argv[1], encoding="utf-8").read()
            notebook = nbformat.reads(text, 4)
            nbformat.validate(notebook)
            print("same" if nbformat.writes(notebook) + "\n" == text else "other")
            """, notebook.Executed);
        Assert.Equal("same", verdict.Trim());
    }

    [Fact]
    public async Task The_notebooks_of_the_checkout_are_valid_and_clean()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Citrus.Research.sln"))) root = root.Parent;
        if (root is null) Assert.Skip("not in a checkout");
        var paths = Directory.GetFiles(Path.Combine(root!.FullName, "notebooks"), "*.ipynb").Order(StringComparer.Ordinal).ToList();
        foreach (var path in paths) Assert.True(NotebookCheck.Committed(path) is { Count: 0 }, $"{path}: {string.Join("; ", NotebookCheck.Committed(path))}");
        var verdicts = await Python("""
            import sys, glob, nbformat
            for path in sorted(glob.glob(sys.argv[1] + "/*.ipynb")):
                nbformat.validate(nbformat.read(path, 4))
                print("valid")
            """, Path.Combine(root.FullName, "notebooks"));
        Assert.Equal(paths.Count, verdicts.Split('\n').Count(l => l == "valid"));
    }

    [Fact]
    public async Task Stripping_an_executed_copy_gives_the_bytes_of_the_stripped_original()
    {
        using var notebook = SomeNotebook.Of().Code("int n = 1;", "parameters").Code("n").Markdown("# T");
        await notebook.Run(new NotebookRunOptions { Parameters = new Dictionary<string, object?> { ["n"] = 2 } });
        Assert.NotEmpty(NotebookStripping.Strip(notebook.Path));
        var changes = NotebookStripping.Strip(notebook.Executed);
        Assert.Equal(["1 output", "3 execution counts", "1 cell of injected parameters"], changes);
        var stripped = await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken);
        Assert.Empty(NotebookStripping.Strip(notebook.Executed));
        Assert.Equal(stripped, await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken));
        Assert.Empty(NotebookCheck.Committed(notebook.Executed));
        var (original, copy) = (Notebook.Read(notebook.Path), Notebook.Read(notebook.Executed));
        Assert.Equal(original.Cells.Select(c => (c.Id, c.Source)), copy.Cells.Select(c => (c.Id, c.Source)));
    }

    [Fact]
    public void Leftovers_of_runs_and_editors_go_and_everything_else_stays()
    {
        var notebook = Valid();
        notebook["metadata"]!["papermill"] = new JsonObject { ["duration"] = 1 };
        notebook["metadata"]!["polyglot_notebook"] = new JsonObject { ["kernelInfo"] = new JsonObject() };
        Cell(notebook, 1)["metadata"]!["ExecuteTime"] = new JsonObject();
        Cell(notebook, 1)["metadata"]!["tags"] = new JsonArray("keep");
        var path = Path.Combine(folder, "x.ipynb");
        File.WriteAllText(path, notebook.ToJsonString());
        Assert.Contains("metadata ExecuteTime, collapsed, papermill", NotebookStripping.Strip(path));
        var clean = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Equal(["kernelspec", "language_info", "polyglot_notebook"], clean["metadata"]!.AsObject().Select(m => m.Key));
        Assert.Equal("{\"tags\":[\"keep\"]}", clean["cells"]![1]!["metadata"]!.ToJsonString());
        Assert.Equal("aGk=", (string)clean["cells"]![0]!["attachments"]!["p.png"]!["image/png"]!);
    }

    [Fact]
    public void Counts_that_do_not_go_from_one_to_n_are_found()
    {
        var notebook = Valid();
        Cell(notebook, 1)["execution_count"] = 4;
        Cell(notebook, 1)["id"] = "a";
        var path = Path.Combine(folder, "x.ipynb");
        File.WriteAllText(path, notebook.ToJsonString());
        var findings = NotebookCheck.Executed(path);
        Assert.Contains(findings, f => f.Cell == 2 && f.Message.Contains("execution count 4, where 1 is expected", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Cell == 2 && f.Message.Contains("is also that of cell 1", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static JsonObject Cell(JsonObject notebook, int index) => notebook["cells"]![index]!.AsObject();

    private static JsonObject Output(JsonObject notebook, int index) => Cell(notebook, 1)["outputs"]![index]!.AsObject();

    private static async Task<string> Python(string script, string argument)
    {
        foreach (var python in (string[])["python3", "/usr/bin/python3"])
        {
            try
            {
                if ((await CitrusCommand.Run(python, ["-c", "import nbformat, jsonschema"])).Exit != 0) continue;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                continue;
            }

            var run = await CitrusCommand.Run(python, ["-W", "ignore", "-c", script, argument]);
            Assert.True(run.Exit == 0, run.Error);
            return run.Out;
        }

        Assert.Skip("no python3 with nbformat (Debian: apt install python3-nbformat)");
        return "";
    }
}
