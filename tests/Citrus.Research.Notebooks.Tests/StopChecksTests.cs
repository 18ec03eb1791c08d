namespace Citrus.Research.Notebooks.Tests;

public sealed class StopChecksTests
{
    [Theory]
    [InlineData("while (a)\n    b();\nc();", "while (a)\n    {!b();}\nc();")]
    [InlineData("for (;;) ;", "for (;;) {!;}")]
    [InlineData("foreach (var x in y) { // each\n}", "foreach (var x in y) {! // each\n}")]
    [InlineData("do a(); while (b);", "do {!a();} while (b);")]
    [InlineData("again: goto again;", "again: {!goto again;}")]
    [InlineData("while (a) while (b) c();", "while (a) {!while (b) {!c();}}")]
    [InlineData("int F(int n) => F(n);", "int F(int n) {?return  F(n);}")]
    [InlineData("void F() => G();", "void F() {? G();}")]
    [InlineData("void F() { }", "void F() {? }")]
    [InlineData("Action a = () => { };", "Action a = () => {? };")]
    [InlineData("Expression<Func<int, int>> e = n => n;", "Expression<Func<int, int>> e = n => n;")]
    [InlineData("while (", "while (")]
    public void Loops_and_functions_get_a_check_and_lines_stay(string source, string expected) =>
        Assert.Equal(expected, StopChecks.Insert(source)
            .Replace("global::Citrus.Research.Notebooks.InCells.CellStop.Check();", "!", StringComparison.Ordinal)
            .Replace("global::Citrus.Research.Notebooks.InCells.CellStop.Enter();", "?", StringComparison.Ordinal));
}
