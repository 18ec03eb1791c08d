using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

public sealed class CodeCompletenessTests
{
    [Theory]
    [InlineData("1 + 1", "complete", 0)]
    [InlineData("var x = 1;", "complete", 0)]
    [InlineData("#r \"some.dll\"\n#!time\nx", "complete", 0)]
    [InlineData("if (x) {", "incomplete", 4)]
    [InlineData("class C {\n  void F() {", "incomplete", 8)]
    [InlineData("var x = 1", "incomplete", 0)]
    [InlineData("Console.WriteLine(", "incomplete", 0)]
    [InlineData("/* open", "incomplete", 0)]
    [InlineData("int x = ;", "invalid", 0)]
    [InlineData("}", "invalid", 0)]
    public void A_console_knows_when_to_execute(string code, string status, int indent)
    {
        var found = CodeCompleteness.Of(code);
        Assert.Equal((status, indent), (found.Status, found.Indent.Length));
    }
}
