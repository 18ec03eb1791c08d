namespace Citrus.Research.Notebooks.Tests;

public sealed class CellExecutorTests : IDisposable
{
    private readonly CellExecutor executor = new(Path.GetTempPath());
    private readonly ConsoleCapture console = new();

    public void Dispose()
    {
        console.Dispose();
        executor.Dispose();
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) await Task.Delay(1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("await Task.Yield(); while (true) { }")]
    [InlineData("while (true) Console.Write(1);")]
    [InlineData("while (true) { try { while (true) { } } catch { } }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("again: goto again;")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Select(n => { return n; }).Where(n => n < 0).Count();")]
    [InlineData("await Task.Delay(-1, Cancellation);")]
    public async Task A_stopped_cell_ends_and_its_session_goes_on(string endless)
    {
        await Run("var before = 1; static int During = 0;");
        using var stop = new CancellationTokenSource();
        var result = await executor.ExecuteAsync("During = 2; Console.Write(\"begun\");\n" + endless, "stopped", new CellSink(1000, 1000, new Stopper(stop)), null, stop.Token);
        Assert.True(result.Failure!.Cancelled);
        Assert.False(result.LeftBehind);
        Assert.Equal("3", await Run("before + During"));
    }

    [Fact]
    public async Task A_stopped_cell_keeps_the_variables_it_has_set_and_runs_its_finally_blocks()
    {
        using var stop = new CancellationTokenSource();
        await executor.ExecuteAsync("var text = \"\";\ntry { text += \"a\"; Console.Write(text); while (true) { } } finally { text += \"b\"; }", "stopped", new CellSink(1000, 1000, new Stopper(stop)), null, stop.Token);
        Assert.Equal("ab", await Run("text"));
    }

    [Fact]
    public async Task A_cell_that_cannot_be_stopped_is_left_behind_and_does_not_undo_what_later_ones_do()
    {
        await Run("var enough = false; var x = 1;");
        using var stop = new CancellationTokenSource();
        var result = await executor.ExecuteAsync("x = 2; Console.Write(x); var lost = Enumerable.Repeat(0, int.MaxValue).TakeWhile(_ => !enough).Count();", "stuck", new CellSink(1000, 1000, new Stopper(stop)), null, stop.Token);
        Assert.True(result.LeftBehind);
        await Run("var later = 3; enough = true;");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal("5", await Run("x + later"));
    }

    [Fact]
    public async Task A_recursion_without_end_is_an_exception()
    {
        var result = await executor.ExecuteAsync("int Deep(int n) => Deep(n + 1) + 1; Deep(0)", "deep", new CellSink(1000, 1000), null, TestContext.Current.CancellationToken);
        Assert.Equal("System.InsufficientExecutionStackException", result.Failure!.Name);
        Assert.Equal("1", await Run("1"));
    }

    [Fact]
    public async Task An_error_is_told_in_the_columns_of_what_was_written()
    {
        var result = await executor.ExecuteAsync("while (true) { int x = \"a\"; }", "wrong", new CellSink(1000, 1000), null, TestContext.Current.CancellationToken);
        Assert.StartsWith("(1,24): error CS0029", result.Failure!.Trace[0]);
    }

    [Fact]
    public async Task Outputs_are_heard_as_they_happen_and_a_later_cell_can_replace_them()
    {
        var listener = new Listener();
        await executor.ExecuteAsync("Console.Write(\"a\"); Console.Error.Write(\"b\"); var shown = display(1); ClearOutput(wait: true); 2", "first", new CellSink(1000, 100_000, listener), null, TestContext.Current.CancellationToken);
        await executor.ExecuteAsync("shown.Update(3);", "second", new CellSink(1000, 100_000, listener), null, TestContext.Current.CancellationToken);
        Assert.Equal(["stdout a", "stderr b", "Display 1 d1", "clear True", "Result 2 ", "update 3 d1"], listener.Heard);
    }

    [Fact]
    public async Task A_cell_cannot_ask_for_input()
    {
        var result = await executor.ExecuteAsync("Console.ReadLine()", "asks", new CellSink(1000, 1000), null, TestContext.Current.CancellationToken);
        Assert.Contains("cannot ask for input", result.Failure!.Message);
    }

    private async Task<string?> Run(string code)
    {
        var sink = new CellSink(1000, 100_000);
        var result = await executor.ExecuteAsync(code, "cell", sink, null, TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
        return sink.Close().FirstOrDefault(o => o.Kind == Notebooks.OutputKind.Result)?.As("text/plain");
    }

    /// <summary>Stops a cell soon after it has written something.</summary>
    private sealed class Stopper(CancellationTokenSource stop) : ICellListener
    {
        public void Stream(string name, ReadOnlySpan<char> text) => stop.CancelAfter(100);

        public void Show(CellOutput output, string? displayId)
        {
        }

        public void Update(string displayId, IReadOnlyDictionary<string, string> data)
        {
        }

        public void Clear(bool wait)
        {
        }
    }

    private sealed class Listener : ICellListener
    {
        private readonly Dictionary<string, string> names = [];

        public List<string> Heard { get; } = [];

        public void Stream(string name, ReadOnlySpan<char> text) => Heard.Add($"{name} {text}");

        public void Show(CellOutput output, string? displayId) => Heard.Add($"{output.Kind} {output.As("text/plain")} {Name(displayId)}");

        public void Update(string displayId, IReadOnlyDictionary<string, string> data) => Heard.Add($"update {data["text/plain"]} {Name(displayId)}");

        public void Clear(bool wait) => Heard.Add($"clear {wait}");

        private string Name(string? id) => id is null ? "" : names.TryGetValue(id, out var name) ? name : names[id] = $"d{names.Count + 1}";
    }
}
