using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class TolerantQuestionsTests
{
    private static string Line(string id) => $$"""{"id":"{{id}}","stem":"s","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["A"]}""";

    [Fact]
    public void Broken_lines_are_left_out_and_each_is_told_with_file_line_and_field()
    {
        using var folder = new TempFolder();
        var file = folder.With("q.jsonl", string.Join('\n', "{not json", Line("a"), Line("b").Replace("\"s\"", "7", StringComparison.Ordinal), "", Line("c")));
        var questions = TolerantQuestions.Read(file, 2, out var skipped);
        Assert.Equal(["a", "c"], questions.Select(q => q.Id));
        Assert.Equal([1, 3], skipped.Select(s => s.Line));
        Assert.StartsWith($"{file}, line 3, field stem: ", skipped[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_than_allowed_is_an_error_that_says_where_it_began()
    {
        using var folder = new TempFolder();
        var file = folder.With("q.jsonl", string.Join('\n', Line("a"), "x", "y", Line("b")));
        var error = Assert.Throws<QuestionFormatException>(() => TolerantQuestions.Read(file, 1, out _));
        Assert.StartsWith($"{file}, line 3: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 lines cannot be read, the first of them line 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<QuestionFormatException>(() => TolerantQuestions.Read(file, 0, out _));
    }

    [Fact]
    public void An_id_that_comes_twice_is_never_left_out()
    {
        using var folder = new TempFolder();
        var file = folder.With("q.jsonl", string.Join('\n', Line("a"), Line("a")));
        Assert.Contains("already in line 1", Assert.Throws<QuestionFormatException>(() => TolerantQuestions.Read(file, 9, out _)).Message, StringComparison.Ordinal);
    }
}
