namespace Citrus.Research.Notebooks.Tests;

public sealed class NotebookVerbTests
{
    [Theory]
    [InlineData("Environment.Exit(7);", "ended with exit code 7")]
    [InlineData("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern nint strlen(nint text);\nstrlen(8);", "access violation in native code (signal 11)")]
    [InlineData("class Endless { public int Next => Next + 1; }\nnew Endless().Next", "the stack overflowed")]
    [InlineData("var t = new System.Threading.Thread(() => throw new Exception(\"astray\")); t.Start(); t.Join();", "a thread that the cell started ended the process: System.Exception: astray")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();\nSystem.Threading.Thread.Sleep(9000);", "was killed (signal 9)")]
    [InlineData("Environment.FailFast(\"no way\");", "aborted itself")]
    public async Task What_ends_the_process_is_told_and_earlier_outputs_are_kept(string cell, string expected)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("the messages are those of Unix signals");
        using var notebook = SomeNotebook.Of("\"kept\"", "Console.WriteLine(\"begun\");\nawait Task.Delay(1500);\n" + cell);
        notebook.Save();
        var run = await CitrusCommand.Run("notebook", "run", notebook.Path, "--out", notebook.Out, "--timeout", "30");
        Assert.Equal(1, run.Exit);
        Assert.Contains("some.ipynb, cell [2]", run.Error);
        Assert.Contains(expected, run.Error);
        Assert.False((bool)run.Line["ok"]!);
        var written = Notebook.Read(notebook.Executed);
        Assert.Equal("kept", written.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal(Notebooks.OutputKind.Error, written.Cells[1].Outputs[^1].Kind);
        Assert.Equal("begun\n", written.Cells[1].Outputs[0].Text);
        Assert.Empty(Files.NotebookCheck.Executed(notebook.Executed));
        Assert.True(File.Exists(notebook.Html));
    }

    [Fact]
    public async Task Each_notebook_starts_fresh_and_the_json_line_holds_time_and_memory_of_every_cell()
    {
        using var notebook = SomeNotebook.Of("#load \"state.csx\"\nState.Count++;\nConsole.Write(Environment.GetEnvironmentVariable(\"LEFT\") ?? \"nothing\"); Environment.SetEnvironmentVariable(\"LEFT\", \"it\");", "1");
        await File.WriteAllTextAsync(Path.Combine(notebook.Folder, "state.csx"), "static class State { public static int Count; }", TestContext.Current.CancellationToken);
        notebook.Save();
        var second = Path.Combine(notebook.Folder, "second.ipynb");
        File.Copy(notebook.Path, second);
        var run = await CitrusCommand.Run("notebook", "run", notebook.Path, second, "--out", notebook.Out, "--html", "false");
        Assert.True(run.Exit == 0, run.Error);
        foreach (var name in (string[])["some.ipynb", "second.ipynb"]) Assert.Equal("nothing", Notebook.Read(Path.Combine(notebook.Out, name)).Cells[0].Outputs.Single().Text);
        Assert.Equal(2, run.Line["notebooks"]!.AsArray().Count);
        foreach (var cell in run.Line["notebooks"]!.AsArray().SelectMany(n => n!["cells"]!.AsArray()))
        {
            Assert.True((double)cell!["seconds"]! >= 0);
            Assert.True((long)cell["peakMB"]! > 10);
        }

        Assert.Contains("some: cell 2/2 done", run.Error);
        Assert.False(File.Exists(notebook.Html));
    }

    [Fact]
    public async Task The_first_failing_cell_stops_the_run_unless_errors_are_allowed()
    {
        using var notebook = SomeNotebook.Of("1", "// two\nthrow new Exception(\"no\");", "3");
        notebook.Save();
        var stopped = await CitrusCommand.Run("notebook", "run", notebook.Path, "--out", notebook.Out);
        Assert.Equal(1, stopped.Exit);
        Assert.Contains("some.ipynb, cell [2], line 2: System.Exception: no", stopped.Error);
        Assert.Null(Notebook.Read(notebook.Executed).Cells[2].ExecutionCount);
        var on = await CitrusCommand.Run("notebook", "run", notebook.Path, "--out", notebook.Out, "--allow-errors");
        Assert.Equal(0, on.Exit);
        Assert.Equal("3", Notebook.Read(notebook.Executed).Cells[2].Outputs.Single().As("text/plain"));
        Assert.Contains("failed", on.Out);
    }

    [Fact]
    public async Task A_run_that_is_told_to_stop_keeps_what_ran_and_leaves_no_process_behind()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("sends a Unix signal");
        using var notebook = SomeNotebook.Of("\"kept\"", $"System.IO.File.WriteAllText(\"pid\", Environment.ProcessId.ToString());\nConsole.WriteLine(\"begun\");\nwhile (true) {{ }}");
        notebook.Save();
        var pid = Path.Combine(notebook.Folder, "pid");
        var run = await CitrusCommand.Run(
            async process =>
            {
                while (!File.Exists(pid) && !process.HasExited) await Task.Delay(100, TestContext.Current.CancellationToken);
                await Task.Delay(300, TestContext.Current.CancellationToken);
                await CitrusCommand.Run("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            },
            "notebook", "run", notebook.Path, "--out", notebook.Out);
        Assert.Equal(1, run.Exit);
        Assert.Contains("cell [2]: Cancelled", run.Error);
        var written = Notebook.Read(notebook.Executed);
        Assert.Equal("kept", written.Cells[0].Outputs.Single().As("text/plain"));
        Assert.Equal("begun\n", written.Cells[1].Outputs[0].Text);
        var child = int.Parse(await File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(child).HasExited ? throw new ArgumentException("ended") : 0);
    }

    [Fact]
    public async Task A_long_cell_tells_its_last_line()
    {
        using var notebook = SomeNotebook.Of("for (var i = 1; i <= 14; i++) { Console.WriteLine($\"step {i} of 14\"); System.Threading.Thread.Sleep(1000); }");
        notebook.Save();
        var run = await CitrusCommand.Run("notebook", "run", notebook.Path, "--out", notebook.Out);
        Assert.Equal(0, run.Exit);
        Assert.Matches(@"some: cell 1/1 \.\.\. step \d+ of 14", run.Error);
    }

    [Theory]
    [InlineData("--param seed", "write it as name=value")]
    [InlineData("--param seed=1 --param seed=2", "given twice")]
    [InlineData("--timeout 0", "more than 0 seconds")]
    [InlineData("--param nothing=1", "no code cell tagged")]
    public async Task A_call_that_makes_no_sense_is_refused(string arguments, string expected)
    {
        using var notebook = SomeNotebook.Of("1");
        notebook.Save();
        var run = await CitrusCommand.Run(["notebook", "run", notebook.Path, "--out", notebook.Out, .. arguments.Split(' ')]);
        Assert.Equal(1, run.Exit);
        Assert.Contains(expected, run.Error);
        Assert.False(File.Exists(notebook.Executed));
    }

    [Fact]
    public async Task The_notebook_itself_is_never_overwritten()
    {
        using var notebook = SomeNotebook.Of("1");
        notebook.Save();
        var run = await CitrusCommand.Run("notebook", "run", notebook.Path, "--out", notebook.Folder);
        Assert.Equal(1, run.Exit);
        Assert.Contains("would replace", run.Error);
    }

    [Fact]
    public async Task Stripping_and_checking_name_file_and_cell()
    {
        using var notebook = SomeNotebook.Of("1", "2");
        await notebook.Run();
        var check = await CitrusCommand.Run("notebook", "check", notebook.Executed);
        Assert.Equal(1, check.Exit);
        Assert.Contains("some.ipynb, cell 2: has 1 output", check.Error);
        Assert.Equal(0, (await CitrusCommand.Run("notebook", "check", "--executed", notebook.Executed)).Exit);
        var strip = await CitrusCommand.Run("notebook", "strip", notebook.Executed);
        Assert.Equal(0, strip.Exit);
        Assert.Contains("2 outputs; 2 execution counts", strip.Out);
        Assert.Equal(0, (await CitrusCommand.Run("notebook", "strip", "--check", notebook.Executed)).Exit);
        Assert.Equal(1, (int)strip.Line["changed"]!);
    }
}
