using Citrus.Research.Notebooks.Jupyter;

namespace Citrus.Research.Notebooks.Tests;

/// <summary>Completion, hover and signature help; <c>|</c> is the cursor.</summary>
public sealed class CodeQuestionsTests : IAsyncLifetime
{
    private readonly CellExecutor executor = new(AppContext.BaseDirectory);

    public async ValueTask InitializeAsync()
    {
        var result = await executor.ExecuteAsync(
            "using System.Globalization;\nvar words = new List<string> { \"a\" };\n/// <summary>A fruit.</summary>\n/// <param name=\"weight\">In gram.</param>\nclass Fruit(double weight) { public string Name { get; set; } = \"\"; public double Weight => weight; public static int Count; }\nint Twice(int number) => 2 * number;",
            "cell", new CellSink(1000, 1000), null, TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
    }

    public ValueTask DisposeAsync()
    {
        executor.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("words.|", "Count")]
    [InlineData("words.Whe|", "Where")]
    [InlineData("words?.Cou|", "Count")]
    [InlineData("wor|", "words")]
    [InlineData("Twi|", "Twice")]
    [InlineData("Fru|", "Fruit")]
    [InlineData("Fruit.|", "Count")]
    [InlineData("new Fruit(1) { N|", "Name")]
    [InlineData("CultureInf|", "CultureInfo")]
    [InlineData("System.Te|", "Text")]
    [InlineData("using System.Th|", "Threading")]
    [InlineData("forea|", "foreach")]
    [InlineData("var local = 1; loc|", "local")]
    [InlineData("foreach (var w in words) { w.Len|", "Length")]
    [InlineData("words.Select(w => w.Len|", "Length")]
    [InlineData("Twice(num|", "number:")]
    [InlineData("$\"{wor|}\"", "words")]
    [InlineData("#r \"nothing\"\nwor|", "words")]
    [InlineData("disp|", "display")]
    [InlineData("#lo|", "#load \"")]
    [InlineData("#r \"Citrus.Research.Notebooks.Te|", "Citrus.Research.Notebooks.Tests.dll")]
    public void What_can_be_typed_is_suggested(string text, string expected)
    {
        var (code, cursor) = Split(text);
        Assert.Contains(expected, CodeCompletion.At(executor.Session, code, cursor).Items.Select(i => i.Text));
    }

    [Theory]
    [InlineData("// wor|")]
    [InlineData("\"wor|\"")]
    [InlineData("\"wor|")]
    [InlineData("12|")]
    public void In_texts_and_comments_nothing_is(string text)
    {
        var (code, cursor) = Split(text);
        Assert.Empty(CodeCompletion.At(executor.Session, code, cursor).Items);
    }

    [Fact]
    public void A_type_s_own_members_are_not_those_of_its_values()
    {
        var names = CodeCompletion.At(executor.Session, "Fruit.", 6).Items.Select(i => i.Text).ToList();
        Assert.DoesNotContain("Name", names);
        names = [.. CodeCompletion.At(executor.Session, "new Fruit(1).", 13).Items.Select(i => i.Text)];
        Assert.Contains("Name", names);
        Assert.DoesNotContain("Count", names);
    }

    [Fact]
    public void A_suggestion_replaces_the_word_around_the_cursor_and_says_what_it_is()
    {
        var list = CodeCompletion.At(executor.Session, "words.Cont + 1", 9);
        Assert.Equal((6, 10), (list.Start, list.End));
        Assert.Equal(("function", true), (list.Items[0].Kind, list.Items[0].Detail.Contains("Contains", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("wor|ds", "(variable) List<string> words")]
    [InlineData("words.Ad|d", "void List<string>.Add(string item)")]
    [InlineData("words.Add(|", "void List<string>.Add(string item)")]
    [InlineData("Twice(wor|ds.Count)", "(variable) List<string> words")]
    [InlineData("Twice(1|", "int Twice(int number)")]
    [InlineData("new Fru|it(1)", "A fruit.")]
    [InlineData("new Fruit(|", "Fruit(double weight)")]
    [InlineData("Math.Max(1, |2)", "int Math.Max(int val1, int val2)")]
    [InlineData("var x = words.Cou|nt;", "int List<string>.Count { get; }")]
    [InlineData("va|r x = 1;", "int")]
    public void Hover_and_signature_help_say_what_it_is(string text, string expected)
    {
        var (code, cursor) = Split(text);
        Assert.Contains(expected, CodeInspection.At(executor.Session, code, cursor, detailed: true)?.Plain);
    }

    [Fact]
    public void Of_nothing_nothing_is_said() => Assert.Null(CodeInspection.At(executor.Session, "  1 + 1", 1, detailed: false));

    [Fact]
    public void What_nests_without_end_is_not_looked_at()
    {
        var deep = new string('(', 20_000);
        Assert.Equal("invalid", CodeCompleteness.Of(deep).Status);
        Assert.Empty(CodeCompletion.At(executor.Session, deep + "wor", deep.Length + 3).Items);
        Assert.Null(CodeInspection.At(executor.Session, "words" + deep, 3, detailed: false));
    }

    [Fact]
    public void Positions_count_code_points()
    {
        Assert.Equal(3, CodePoints.ToIndex("🍋a", 2));
        Assert.Equal(2, CodePoints.FromIndex("🍋a", 3));
        Assert.Equal(3, CodePoints.ToIndex("🍋a", 99));
    }

    private static (string Code, int Cursor) Split(string text)
    {
        var cursor = text.IndexOf('|', StringComparison.Ordinal);
        return (text.Remove(cursor, 1), cursor);
    }
}
