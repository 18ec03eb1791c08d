namespace Citrus.Research.Notebooks.Tests;

public sealed class ParameterCellTests
{
    [Theory]
    [InlineData("int x = 1;", "7", "x", "7")]
    [InlineData("long x = 1;", "7000000000", "x / 7", "1000000000")]
    [InlineData("double x = 1;", "1e-3", "x * 1000", "1")]
    [InlineData("var x = 0.5;", "-2", "x / 4", "-0.5")]
    [InlineData("float x = 1;", "0.5", "x.GetType().Name", "Single")]
    [InlineData("decimal x = 1;", "0.10", "x", "0.10")]
    [InlineData("bool x = false;", "true", "x", "True")]
    [InlineData("string x = \"\";", "a\"b\\c {x}", "x", "a\"b\\c {x}")]
    [InlineData("string? x = null;", "null", "x.Length", "4")]
    [InlineData("int? x = 1;", "null", "x is null", "True")]
    [InlineData("int? x = 1;", "5", "x", "5")]
    [InlineData("int[] x = { 1 };", "2,3, 4", "x.Sum()", "9")]
    [InlineData("var x = new[] { 0.5, 1 };", "[1.5, 2]", "x.Sum()", "3.5")]
    [InlineData("string[] x = [\"a\"];", "[\"b,c\", \"d\"]", "string.Join('|', x)", "b,c|d")]
    [InlineData("bool[] x = { };", "true,false", "x.Length", "2")]
    [InlineData("List<int> x = new() { 1 };", "4,5", "x[1]", "5")]
    [InlineData("IReadOnlyList<string> x = new[] { \"a\" };", "", "x.Count", "0")]
    public async Task A_value_is_taken_in_the_declared_type(string declaration, string value, string shown, string expected)
    {
        using var notebook = SomeNotebook.Of().Code(declaration, "parameters").Code($"Console.Write(Convert.ToString({shown}, System.Globalization.CultureInfo.InvariantCulture))");
        var run = await notebook.Run(new NotebookRunOptions { Parameters = new Dictionary<string, object?> { ["x"] = value } });
        Assert.Equal(expected, run.Notebook.Cells[2].Outputs.Single().Text);
    }

    [Theory]
    [InlineData("int x = 1;", "1.5", "no int")]
    [InlineData("int x = 1;", "9999999999", "no int")]
    [InlineData("double x = 1;", "NaN", "no double")]
    [InlineData("double x = 1;", "1,5", "no double")]
    [InlineData("bool x = true;", "yes", "no bool")]
    [InlineData("int[] x = { 1 };", "1,two", "no int")]
    [InlineData("int[] x = { 1 };", "[1, [2]]", "list inside of a list")]
    [InlineData("int[] x = { 1 };", "[1", "no JSON list")]
    [InlineData("int[,] x = null;", "1", "declared as int[,]")]
    [InlineData("DateTime x = default;", "2020-01-01", "declared as DateTime")]
    [InlineData("const int x = 1;", "2", "a constant")]
    [InlineData("var x = Math.PI;", "3", "declared as var")]
    public async Task A_value_that_does_not_fit_is_refused_before_anything_runs(string declaration, string value, string expected)
    {
        using var notebook = SomeNotebook.Of("System.IO.File.WriteAllText(\"ran\", \"\");").Code(declaration, "parameters");
        var refusal = await Assert.ThrowsAsync<NotebookFormatException>(() => notebook.Run(new NotebookRunOptions { Parameters = new Dictionary<string, object?> { ["x"] = value } }));
        Assert.Contains(expected, refusal.Message);
        Assert.False(File.Exists(Path.Combine(notebook.Folder, "ran")));
    }
}
