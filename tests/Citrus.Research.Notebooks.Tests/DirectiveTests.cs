using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Tests;

public sealed class DirectiveTests
{
    [Fact]
    public async Task A_cell_may_hold_code_and_prose_by_turns()
    {
        using var notebook = SomeNotebook.Of("int x = 2;\nx\n#!markdown\n# Title\n\ntext\n#!csharp\nx + 1");
        var outputs = (await notebook.Run()).Notebook.Cells[0].Outputs;
        Assert.Equal(["2", "# Title\n\ntext", "3"], outputs.Select(o => o.As("text/markdown") ?? o.As("text/plain")));
        Assert.Equal([Notebooks.OutputKind.Display, Notebooks.OutputKind.Display, Notebooks.OutputKind.Result], outputs.Select(o => o.Kind));
    }

    [Fact]
    public async Task A_later_part_names_its_own_lines()
    {
        using var notebook = SomeNotebook.Of("1\n#!markdown\ntext\n#!csharp\n\nthrow new Exception(\"here\");");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(6, failure.Line);
        Assert.Equal(3, Notebook.Read(notebook.Executed).Cells[0].Outputs.Count);
        using var typo = SomeNotebook.Of("#!markdown\ntext\n#!csharp\nint y = \"\";");
        Assert.Equal(4, (await Assert.ThrowsAsync<CellFailedException>(() => typo.Run())).Line);
    }

    [Fact]
    public async Task Time_is_told_below_the_result()
    {
        using var notebook = SomeNotebook.Of("#!time\n1 + 1");
        var outputs = (await notebook.Run()).Notebook.Cells[0].Outputs;
        Assert.Equal("2", outputs[0].As("text/plain"));
        Assert.Matches(@"^Wall time: [\d.]+ms$", outputs[1].As("text/plain"));
    }

    [Fact]
    public async Task What_looks_like_a_directive_inside_of_a_text_or_a_comment_is_none()
    {
        using var notebook = SomeNotebook.Of("var text = \"\"\"\n#!pwsh\n#r \"nowhere.dll\"\n\"\"\";\n/*\n#!fsharp\n*/\nConsole.Write(text);");
        Assert.Equal("#!pwsh\n#r \"nowhere.dll\"", (await notebook.Run()).Notebook.Cells[0].Outputs.Single().Text);
    }

    [Fact]
    public async Task Loaded_files_find_theirs_and_a_mistake_in_one_names_it()
    {
        using var notebook = SomeNotebook.Of("#load \"lib/outer.csx\"\nOuter()", "Console.Write(Fails());", "#load \"lib/broken.csx\"");
        Write(notebook, "lib/outer.csx", "#load \"deep/inner.csx\"\nint Outer() => Inner() + 1;");
        Write(notebook, "lib/deep/inner.csx", "#!/usr/bin/env dotnet\nint Inner() => 41;\nint Fails()\n{\n    throw new InvalidOperationException(\"deep\");\n}");
        Write(notebook, "lib/broken.csx", "int a = 1;\nint b = nothing;");
        var run = await notebook.Run(new NotebookRunOptions { AllowErrors = true });
        Assert.Equal("42", run.Notebook.Cells[0].Outputs.Single().As("text/plain"));
        var thrown = run.Notebook.Cells[1].Outputs.Single();
        Assert.Contains("cell [2], line 1: System.InvalidOperationException: deep", thrown.Traceback[0]);
        Assert.Contains("Fails() in inner.csx, line 5", thrown.Traceback[2]);
        var broken = run.Notebook.Cells[2].Outputs.Single();
        Assert.Contains("cell [3], line 1: CompilationError: CS0103", broken.Traceback[0]);
        Assert.Contains("(broken.csx, line 2)", broken.Traceback[0]);
    }

    [Theory]
    [InlineData("#load \"nowhere.csx\"", "nowhere.csx")]
    [InlineData("1 + 1\n#load \"late.csx\"", "late.csx")]
    [InlineData("#!import nowhere.csx", "does not exist")]
    [InlineData("#!import picture.png", ".cs, .csx, .dib and .ipynb can be imported")]
    [InlineData("#!import self.csx", "import themselves")]
    public async Task A_file_that_cannot_be_taken_is_told(string cell, string expected)
    {
        using var notebook = SomeNotebook.Of(cell);
        Write(notebook, "late.csx", "");
        Write(notebook, "picture.png", "");
        Write(notebook, "self.csx", "#!import self.csx");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Contains(expected, failure.Message);
        Assert.NotNull(failure.Line);
    }

    [Fact]
    public async Task Files_notebooks_and_dibs_are_imported_with_their_state()
    {
        using var notebook = SomeNotebook.Of("var a = 1;\n#!import helpers.cs\n#!import other.ipynb\n#!import \"some thing.dib\"\nHelper.Twice(a) + fromNotebook + fromDib");
        Write(notebook, "helpers.cs", "using System.Globalization;\npublic static class Helper { public static int Twice(int x) => 2 * x; }");
        Write(notebook, "some thing.dib", "#!meta\n\n{\"kernelInfo\":{\"defaultKernelName\":\"csharp\"}}\n\n#!csharp\n\nvar fromDib = 100;\n\n#!markdown\n\n# Shown\n");
        var other = new JsonArray(
            new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = "prose" },
            new JsonObject { ["cell_type"] = "code", ["metadata"] = new JsonObject(), ["source"] = "var fromNotebook = 10;" });
        Write(notebook, "other.ipynb", new JsonObject { ["nbformat"] = 4, ["cells"] = other }.ToJsonString());
        var outputs = (await notebook.Run()).Notebook.Cells[0].Outputs;
        Assert.Equal("# Shown", outputs[0].As("text/markdown"));
        Assert.Equal("112", outputs[1].As("text/plain"));
    }

    [Fact]
    public async Task A_mistake_in_an_imported_file_names_the_file_and_both_lines()
    {
        using var notebook = SomeNotebook.Of("// one\n#!import helpers.csx");
        Write(notebook, "helpers.csx", "var a = 1;\n\nvar b = nothing;");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(2, failure.Line);
        Assert.Contains("helpers.csx, line 3: CS0103", failure.Message);
    }

    [Theory]
    [InlineData("1\n#!fsharp\nlet x = 1", "line 2, is in fsharp")]
    [InlineData("#!html\n<b>x</b>", "is in html")]
    [InlineData("#!javascript\nalert(1)", "is in javascript")]
    public async Task A_part_in_another_language_is_refused_before_anything_runs(string cell, string expected)
    {
        using var notebook = SomeNotebook.Of("1", cell);
        Assert.Contains(expected, (await Assert.ThrowsAsync<NotebookFormatException>(() => notebook.Run())).Message);
        Assert.False(File.Exists(notebook.Executed));
    }

    [Fact]
    public async Task Causes_of_an_exception_are_told_with_the_lines_of_their_cells_and_without_the_host()
    {
        using var notebook = SomeNotebook.Of(
            "void Parse(string s)\n{\n    int.Parse(s);\n}\nvoid Wrap(Action a)\n{\n    try { a(); }\n    catch (Exception e) { throw new InvalidOperationException(\"wrapped\", e); }\n}",
            "await System.Threading.Tasks.Task.Yield();\nWrap(() => Parse(\"no\"));");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal((2, 2), (failure.Cell, failure.Line));
        var trace = Notebook.Read(notebook.Executed).Cells[1].Outputs[^1].Traceback;
        Assert.Contains("   at Wrap(Action a) in cell [1], line 8", trace);
        Assert.Contains("caused by System.FormatException: The input string 'no' was not in a correct format.", trace);
        Assert.Contains("   at Parse(String s) in cell [1], line 3", trace);
        Assert.Contains("   at lambda in cell [2], line 2", trace);
        Assert.DoesNotContain(trace, l => l.Contains("Citrus.Research.Notebooks", StringComparison.Ordinal) || l.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal) || l.Contains("Submission#", StringComparison.Ordinal));
    }

    private static void Write(SomeNotebook notebook, string name, string text)
    {
        var path = Path.Combine(notebook.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
