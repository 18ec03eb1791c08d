using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Examples;

public sealed class TrainingRowsTests
{
    [Fact]
    public void Every_text_of_a_record_is_read_whatever_the_layout()
    {
        using var folder = new TempFolder();
        var file = folder.With("a.jsonl", """
            {"id":7,"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"}]}

            {"prompt":"three","chosen":[{"role":"assistant","content":"four"}],"score":5,"extra":null}
            """);
        var rows = TrainingRows.Read(file).ToList();
        Assert.Equal([(1, "7"), (3, "")], rows.Select(r => (r.Line, r.Id)));
        Assert.Equal(["messages[0].role", "messages[0].content", "messages[1].role", "messages[1].content"], rows[0].Texts.Select(t => t.Field));
        Assert.Equal(["three", "assistant", "four"], rows[1].Texts.Select(t => t.Text));
    }

    [Fact]
    public void Arrays_plain_text_and_folders_are_read_too()
    {
        using var folder = new TempFolder();
        folder.With("a.json", """[{"instruction":"one","output":"two"},{"instruction":"three","output":"four"}]""");
        folder.With("b.txt", "five\nsix\n\nseven\n");
        folder.With("c.png", "no text");
        var rows = TrainingRows.Files(folder.Root).SelectMany(f => TrainingRows.Read(f)).ToList();
        Assert.Equal([(1, "one"), (2, "three"), (1, "five\nsix"), (4, "seven")], rows.Select(r => (r.Line, r.Texts[0].Text)));
    }

    [Fact]
    public void What_cannot_be_read_names_file_and_line()
    {
        using var folder = new TempFolder();
        Assert.Contains("no such file", Assert.Throws<QuestionFormatException>(() => TrainingRows.Files(folder["none.jsonl"])).Message, StringComparison.Ordinal);
        Assert.Contains("no text", Assert.Throws<QuestionFormatException>(() => TrainingRows.Read(folder.With("a.jsonl", """{"n":1}""")).Count()).Message, StringComparison.Ordinal);
        Assert.Contains("line 2", Assert.Throws<QuestionFormatException>(() => TrainingRows.Read(folder.With("b.jsonl", "{\"text\":\"x\"}\n{\"text\":")).Count()).Message, StringComparison.Ordinal);
        Assert.Contains("no file that ends in", Assert.Throws<QuestionFormatException>(() => TrainingRows.Files(Directory.CreateDirectory(folder["empty"]).FullName)).Message, StringComparison.Ordinal);
    }
}
