using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Tests;

public sealed class NotebookRunnerTests
{
    [Fact]
    public async Task Variables_types_and_usings_carry_over_from_cell_to_cell()
    {
        using var notebook = SomeNotebook.Of("using System.Globalization;\nint x = 20; record Point(int X);", "x++;", "new Point(x + 21).X.ToString(CultureInfo.InvariantCulture)");
        var run = await notebook.Run();
        Assert.Equal("42", run.Notebook.Cells[2].Outputs.Single().As("text/plain"));
        Assert.Equal(Notebooks.OutputKind.Result, run.Notebook.Cells[2].Outputs.Single().Kind);
    }

    [Fact]
    public async Task A_cell_may_await()
    {
        using var notebook = SomeNotebook.Of("var text = await Task.Run(async () => { await Task.Delay(5); return \"done\"; });\nConsole.Write(text);");
        var run = await notebook.Run();
        Assert.Equal("done", run.Notebook.Cells[0].Outputs.Single().Text);
    }

    [Fact]
    public async Task Stdout_and_stderr_are_kept_apart_and_in_order()
    {
        using var notebook = SomeNotebook.Of("Console.WriteLine(\"a\"); Console.Write(\"b\"); Console.Error.WriteLine(\"c\"); Console.WriteLine(1.5);");
        var run = await notebook.Run();
        Assert.Equal([("stdout", "a\nb"), ("stderr", "c\n"), ("stdout", "1.5\n")], run.Notebook.Cells[0].Outputs.Select(o => (o.Name, o.Text)));
    }

    [Fact]
    public async Task Display_shows_values_and_an_expression_without_a_value_shows_nothing()
    {
        using var notebook = SomeNotebook.Of("display(HTML(\"<b>bold</b>\")); display(\"# t\", \"text/markdown\"); new[] { new { A = 1 } }.Display();\nConsole.Out.Flush()");
        var run = await notebook.Run();
        var outputs = run.Notebook.Cells[0].Outputs;
        Assert.Equal(3, outputs.Count);
        Assert.Equal("<b>bold</b>", outputs[0].As("text/html"));
        Assert.Equal("# t", outputs[1].As("text/markdown"));
        Assert.Contains("<table", outputs[2].As("text/html"));
    }

    [Fact]
    public async Task A_shown_value_can_be_updated_later()
    {
        using var notebook = SomeNotebook.Of("var shown = display(\"0 %\"); shown.Update(\"100 %\");");
        var run = await notebook.Run();
        Assert.Equal("100 %", run.Notebook.Cells[0].Outputs.Single().As("text/plain"));
    }

    [Fact]
    public async Task A_type_registered_with_the_formatter_is_shown_in_all_its_mime_types()
    {
        using var notebook = SomeNotebook.Of(
            """
            class Chart { }
            Formatter.Register<Chart>(c => "{\"data\":[],\"layout\":{}}", "application/vnd.plotly.v1+json");
            Formatter.Register<Chart>(c => "<p>chart</p>", "text/html");
            Formatter.Register<Chart>(c => "a chart", "text/plain");
            Formatter.SetPreferredMimeTypesFor(typeof(Chart), "application/vnd.plotly.v1+json", "text/html");
            """,
            "new Chart()");
        var run = await notebook.Run(new NotebookRunOptions { PlotlyScript = "/* plotly once */" });
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], run.Notebook.Cells[1].Outputs.Single().Data.Keys);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken))!;
        Assert.IsType<JsonObject>(json["cells"]![1]!["outputs"]![0]!["data"]!["application/vnd.plotly.v1+json"]);
        var page = await File.ReadAllTextAsync(notebook.Html, TestContext.Current.CancellationToken);
        Assert.Equal(2, page.Split("/* plotly once */").Length);
        Assert.Contains("Plotly.newPlot(\"figure-1\"", page);
    }

    [Fact]
    public async Task An_exception_stops_the_run_and_names_cell_and_line()
    {
        using var notebook = SomeNotebook.Of("var before = 1;\nbefore", "// second\nvar list = new List<int>();\nConsole.WriteLine(\"here\");\nlist[3].ToString();", "Console.WriteLine(\"never\");");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal((2, 4), (failure.Cell, failure.Line));
        Assert.Contains("some.ipynb, cell [2], line 4: System.ArgumentOutOfRangeException", failure.Message);
        Assert.Contains("list[3].ToString();", failure.Message);
        Assert.Equal(notebook.Executed, failure.OutputPath);

        var written = Notebook.Read(notebook.Executed);
        Assert.Equal("1", written.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal("here\n", written.Cells[1].Outputs[0].Text);
        Assert.Equal(Notebooks.OutputKind.Error, written.Cells[1].Outputs[1].Kind);
        Assert.Null(written.Cells[2].ExecutionCount);
        Assert.Contains("ArgumentOutOfRange", await File.ReadAllTextAsync(notebook.Html, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_exception_after_an_await_keeps_its_line()
    {
        using var notebook = SomeNotebook.Of("await Task.Yield();\n\nthrow new InvalidOperationException(\"late\");");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(3, failure.Line);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public async Task A_compile_error_names_its_line()
    {
        using var notebook = SomeNotebook.Of("#r \"System.Xml\"\nint y = 1;\nint x = \"text\";");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(3, failure.Line);
        Assert.Contains("CS0029", failure.Message);
    }

    [Fact]
    public async Task Where_errors_are_allowed_the_run_goes_on()
    {
        using var notebook = SomeNotebook.Of("int x = 7; throw new Exception(\"no\");", "x");
        var run = await notebook.Run(new NotebookRunOptions { AllowErrors = true });
        Assert.Equal("7", run.Notebook.Cells[1].Outputs.Single().As("text/plain"));
        Assert.True(run.Cells[0].Failed);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("while (true) await Task.Delay(1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public async Task A_cell_that_never_ends_is_stopped_and_earlier_outputs_are_kept(string endless)
    {
        // The first compilation in a process takes long; it is not what is tested.
        using (var warm = SomeNotebook.Of("1")) await warm.Run();
        using var notebook = SomeNotebook.Of("\"kept\"", "Console.WriteLine(\"begun\");\n" + endless);
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run(new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(1.5) }));
        Assert.True(failure.TimedOut);
        Assert.Equal(2, failure.Cell);
        var written = Notebook.Read(notebook.Executed);
        Assert.Equal("kept", written.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal("begun\n", written.Cells[1].Outputs[0].Text);
    }

    [Fact]
    public async Task A_run_can_be_cancelled()
    {
        using var notebook = SomeNotebook.Of("1", "while (true) { }");
        using var stop = new CancellationTokenSource();
        var options = new NotebookRunOptions { Progress = p => { if (p is { Number: 2, Finished: false }) stop.CancelAfter(300); } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => notebook.Run(options, stop.Token));
        Assert.Equal("1", Notebook.Read(notebook.Executed).Cells[0].Outputs.Single().As("text/plain"));
    }

    [Fact]
    public async Task Output_without_end_is_cut_with_a_note()
    {
        using var notebook = SomeNotebook.Of("for (var i = 0; i < 10_000; i++) Console.WriteLine(\"0123456789\");", "HTML(new string('x', 5000))");
        var run = await notebook.Run(new NotebookRunOptions { MaxStreamCharacters = 1000, MaxDisplayCharacters = 2000 });
        Assert.Equal(1000, run.Notebook.Cells[0].Outputs[0].Text.Length);
        Assert.Contains("output cut after 1000 characters", run.Notebook.Cells[0].Outputs[1].Text);
        Assert.Contains("not shown", run.Notebook.Cells[1].Outputs[0].As("text/plain"));
    }

    [Fact]
    public async Task Parameters_are_set_after_the_cell_that_declares_them_and_take_its_types()
    {
        using var notebook = SomeNotebook.Of("// first").Code("int seed = 1; double rate = 0.5; string scale = \"default\"; bool quick = false;", "parameters")
            .Code("$\"{seed} {rate / 2} {scale} {quick}\"");
        var options = new NotebookRunOptions { Parameters = new Dictionary<string, object?> { ["seed"] = "7", ["rate"] = 1, ["scale"] = "a\"b", ["quick"] = true } };
        var run = await notebook.Run(options);
        Assert.Equal("7 0.5 a\"b True", run.Notebook.Cells[3].Outputs.Single().As("text/plain"));
        Assert.Contains("injected-parameters", run.Notebook.Cells[2].Tags);

        // An executed copy runs again with other values.
        var again = await NotebookRunner.RunAsync(notebook.Executed, new NotebookRunOptions { Parameters = new Dictionary<string, object?> { ["seed"] = "8" } }, TestContext.Current.CancellationToken);
        Assert.Equal("8 0.25 default False", again.Notebook.Cells[3].Outputs.Single().As("text/plain"));
    }

    [Theory]
    [InlineData("sead", "1", "sead")]
    [InlineData("seed", "one", "no int")]
    public async Task A_parameter_that_is_unknown_or_does_not_fit_is_refused_before_anything_runs(string name, string value, string expected)
    {
        using var notebook = SomeNotebook.Of().Code("int seed = 1;", "parameters");
        var options = new NotebookRunOptions { Parameters = new Dictionary<string, object?> { [name] = value } };
        var refusal = await Assert.ThrowsAsync<NotebookFormatException>(() => notebook.Run(options));
        Assert.Contains(expected, refusal.Message);
        Assert.False(File.Exists(notebook.Executed));
    }

    [Fact]
    public async Task The_host_s_own_copy_of_an_assembly_is_used_with_its_state()
    {
        Shared.Value = 5;
        var elsewhere = Directory.CreateTempSubdirectory("citrus-copy-").FullName;
        var own = typeof(Shared).Assembly.Location;
        var copy = Path.Combine(elsewhere, Path.GetFileName(own));
        File.Copy(own, copy);
        using var notebook = SomeNotebook.Of($"#r \"{copy.Replace('\\', '/')}\"\nCitrus.Research.Notebooks.Tests.Shared.Value += 1;");
        await notebook.Run();
        Assert.Equal(6, Shared.Value);
        Directory.Delete(elsewhere, recursive: true);
        await notebook.Run();
        Assert.Equal(7, Shared.Value);
    }

    [Fact]
    public async Task A_library_that_the_host_lacks_is_loaded_with_the_assemblies_it_needs()
    {
        // Two assemblies made here: Outer, referenced by the notebook, whose method returns a type of Inner, which lies beside it.
        var folder = Directory.CreateTempSubdirectory("citrus-library-").FullName;
        var inner = SomePackages.Compile(folder, "InnerOfTest", "public sealed class Inner { public static int Count; public int Value => ++Count; }");
        SomePackages.Compile(folder, "OuterOfTest", "public static class Outer { public static Inner Make() => new Inner(); }", inner);
        using var notebook = SomeNotebook.Of($"#r \"{folder.Replace('\\', '/')}/OuterOfTest.dll\"\nvar inner = Outer.Make();", "inner.Value + inner.Value", "Outer.Make().Value");
        var run = await notebook.Run();
        Assert.Equal("3", run.Notebook.Cells[1].Outputs.Single().As("text/plain"));
        Assert.Equal("3", run.Notebook.Cells[2].Outputs.Single().As("text/plain"));
    }

    [Fact]
    public async Task A_missing_library_says_so_with_its_line()
    {
        using var notebook = SomeNotebook.Of("// load\n#r \"bin/Nowhere.dll\"");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(2, failure.Line);
        Assert.Contains("bin/Nowhere.dll does not exist", failure.Message.Replace('\\', '/'));
    }

    [Fact]
    public async Task Unknown_directives_are_refused_in_words()
    {
        using var directive = SomeNotebook.Of("1", "#!about");
        Assert.Contains("#!about", (await Assert.ThrowsAsync<CellFailedException>(() => directive.Run())).Message);
    }

    [Fact]
    public async Task Files_are_found_beside_the_notebook_and_the_folder_is_put_back()
    {
        var before = Environment.CurrentDirectory;
        using var notebook = SomeNotebook.Of("#load \"more.csx\"\nSystem.IO.File.ReadAllText(\"more.csx\").Length + Twice(4)");
        await File.WriteAllTextAsync(Path.Combine(notebook.Folder, "more.csx"), "int Twice(int x) => 2 * x;", TestContext.Current.CancellationToken);
        var run = await notebook.Run();
        Assert.Equal((26 + 8).ToString(System.Globalization.CultureInfo.InvariantCulture), run.Notebook.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public async Task A_cell_in_another_language_is_refused_before_anything_runs()
    {
        using var notebook = SomeNotebook.Of("1").Code("let x = 1", metadata: new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "fsharp" } });
        Assert.Contains("cell 2 from the top is in fsharp", (await Assert.ThrowsAsync<NotebookFormatException>(() => notebook.Run())).Message);
        using var magic = SomeNotebook.Of("#!pwsh\nls");
        Assert.Contains("pwsh", (await Assert.ThrowsAsync<NotebookFormatException>(() => magic.Run())).Message);
    }

    [Fact]
    public async Task Polyglot_metadata_and_directives_are_read()
    {
        using var notebook = SomeNotebook.Of("#!csharp\n1 + 1").Code("#!markdown\n**hello**")
            .Code("3", metadata: new JsonObject { ["dotnet_interactive"] = new JsonObject { ["language"] = "csharp" }, ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } });
        notebook.Metadata["polyglot_notebook"] = new JsonObject { ["kernelInfo"] = new JsonObject { ["defaultKernelName"] = "csharp" } };
        var run = await notebook.Run();
        Assert.Equal("2", run.Notebook.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal("**hello**", run.Notebook.Cells[1].Outputs.Single().As("text/markdown"));
    }

    [Fact]
    public async Task Progress_tells_begin_and_end_of_each_cell_and_its_console_text_is_not_captured()
    {
        var news = new List<string>();
        using var notebook = SomeNotebook.Of("// Load\nvar x = 1;", "x");
        var run = await notebook.Run(new NotebookRunOptions { Progress = p => { Console.Write(""); news.Add($"{p.Number}/{p.Count} {p.Title} {p.Finished}"); } });
        Assert.Equal(["1/2 Load False", "1/2 Load True", "2/2 x False", "2/2 x True"], news);
        Assert.Empty(run.Notebook.Cells[0].Outputs);
    }

    [Fact]
    public async Task The_same_notebook_gives_the_same_bytes()
    {
        using var notebook = SomeNotebook.Of("new { A = 1, B = \"x\" }", "new Dictionary<string, double> { [\"a\"] = 0.1 }");
        await notebook.Run();
        var first = await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken);
        await notebook.Run();
        Assert.Equal(first, await File.ReadAllTextAsync(notebook.Executed, TestContext.Current.CancellationToken));
    }
}
