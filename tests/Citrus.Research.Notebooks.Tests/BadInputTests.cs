using System.Text;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>What comes from elsewhere: a clear message, no hang, and nothing lost of what ran before.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("citrus-bad-").FullName;

    [Theory]
    [InlineData("{\"nbformat\":4,\"nbformat\":4,\"cells\":[]}", "nbformat")]
    [InlineData("{\"nbformat\":4,\"cells\":[{\"cell_type\":\"code\",\"source\":\"1\",\"source\":\"2\"}]}", "source")]
    [InlineData("{\"nbformat\":5,\"cells\":[]}", "nbformat 5 is not read")]
    [InlineData("{\"nbformat\":\"4\",\"cells\":[]}", "nbformat \"4\" is not read")]
    [InlineData("{\"nbformat\":4,\"cells\":[null]}", "cell 1: a JSON object is expected")]
    [InlineData("{\"nbformat\":4,\"cells\":{}}", "\"cells\" must be a list")]
    [InlineData("", "not JSON")]
    public void A_file_that_is_no_notebook_is_told(string json, string expected)
    {
        var path = Path.Combine(folder, "bad.ipynb");
        File.WriteAllText(path, json);
        Assert.Contains(expected, Assert.Throws<NotebookFormatException>(() => Notebook.Read(path)).Message);
        Assert.Contains("bad.ipynb", Assert.Throws<NotebookFormatException>(() => Files.NotebookStripping.Strip(path)).Message);
        Assert.Equal(json, File.ReadAllText(path));
    }

    [Fact]
    public void Nesting_without_end_and_broken_texts_are_told()
    {
        var path = Path.Combine(folder, "bad.ipynb");
        File.WriteAllText(path, "{\"nbformat\":4,\"cells\":" + new string('[', 100_000));
        Assert.Contains("not JSON", Assert.Throws<NotebookFormatException>(() => Notebook.Read(path)).Message);
        byte[] broken = [.. "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"raw\",\"source\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];
        File.WriteAllBytes(path, broken);
        Assert.Contains("bad.ipynb", Assert.Throws<NotebookFormatException>(() => Notebook.Read(path)).Message);
        File.WriteAllText(path, "{\"nbformat\":4,\"cells\":[{\"cell_type\":\"raw\",\"source\":\"\\ud83d\"}]}");
        Assert.Contains("bad.ipynb", Assert.Throws<NotebookFormatException>(() => Notebook.Read(path)).Message);
    }

    [Fact]
    public void A_file_beyond_the_bound_is_refused_before_it_is_read()
    {
        var path = Path.Combine(folder, "huge.ipynb");
        using (var file = File.Create(path)) file.SetLength(Files300MB);
        Assert.Contains("300 MB; notebooks up to 256 MB are read", Assert.Throws<NotebookFormatException>(() => Notebook.Read(path)).Message);
    }

    [Fact]
    public async Task A_notebook_with_100_MB_of_old_outputs_runs_and_is_stripped_within_bounds()
    {
        var path = Path.Combine(folder, "large.ipynb");
        await using (var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20))
        {
            await writer.WriteAsync("{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[{\"cell_type\":\"code\",\"id\":\"a\",\"metadata\":{},\"execution_count\":1,\"source\":\"1 + 1\",\"outputs\":[");
            var data = new string('x', 1_000_000);
            for (var i = 0; i < 100; i++) await writer.WriteAsync($"{(i == 0 ? "" : ",")}{{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"{data}\"}}");
            await writer.WriteAsync("]}]}");
        }

        var before = GC.GetTotalAllocatedBytes();
        var run = await NotebookRunner.RunAsync(path, new NotebookRunOptions { OutputPath = Path.Combine(folder, "out.ipynb") }, TestContext.Current.CancellationToken);
        Assert.Equal("2", run.Notebook.Cells[0].Outputs.Single().As("text/plain"));
        // Once as bytes; never as a second copy in characters.
        Assert.True(GC.GetTotalAllocatedBytes() - before < 700_000_000, $"{(GC.GetTotalAllocatedBytes() - before) / 1_000_000} MB were allocated");
        Assert.Contains("100 outputs", Files.NotebookStripping.Strip(path));
        Assert.True(new FileInfo(path).Length < 1000);
    }

    [Fact]
    public async Task A_cell_that_shows_without_end_is_cut_and_stopped()
    {
        using (var warm = SomeNotebook.Of("1")) await warm.Run();
        using var notebook = SomeNotebook.Of("\"kept\"", "while (true) display(\"x\", \"text/plain\");");
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run(new NotebookRunOptions { CellTimeout = TimeSpan.FromSeconds(2), MaxDisplayCharacters = 1000 }));
        Assert.True(failure.TimedOut);
        var written = Notebook.Read(notebook.Executed);
        Assert.Equal("kept", written.Cells[0].Outputs.Single().As("text/plain"));
        Assert.InRange(written.Cells[1].Outputs.Count, 2, 2100);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("!")]
    [InlineData("List<")]
    [InlineData("x => ")]
    [InlineData("if (true) ")]
    [InlineData("1 + ")]
    [InlineData("x.y")]
    public async Task A_cell_nested_without_end_is_an_error_of_its_own(string piece)
    {
        using var notebook = SomeNotebook.Of("\"kept\"", string.Concat(Enumerable.Repeat(piece, 20_000)));
        var failure = await Assert.ThrowsAsync<CellFailedException>(() => notebook.Run());
        Assert.Equal(2, failure.Cell);
        Assert.Equal("kept", Notebook.Read(notebook.Executed).Cells[0].Outputs.Single().As("text/plain"));
        Assert.True(File.Exists(notebook.Html));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private const long Files300MB = 300L << 20;
}
