using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class JsonLinesJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-journal").FullName;

    private string File => Path.Combine(_folder, "deep", "journal.jsonl");

    [Fact]
    public void What_was_appended_is_there_when_it_is_opened_again()
    {
        using (var journal = JsonLinesJournal<Record>.Open(File))
        {
            journal.Append(new("a", 1));
            journal.Append(new("line\nend", 2));
        }

        using var again = JsonLinesJournal<Record>.Open(File);
        Assert.Equal([new("a", 1), new("line\nend", 2)], again.Records);
        Assert.Equal(0, again.DroppedBytes);
    }

    [Fact]
    public void A_torn_last_line_is_dropped_wherever_it_tore_and_the_next_record_follows_cleanly()
    {
        using (var journal = JsonLinesJournal<Record>.Open(File))
        {
            journal.Append(new("first", 1));
            journal.Append(new("zweiter ü", 2));
        }

        var whole = System.IO.File.ReadAllBytes(File);
        var firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = firstLine; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            using (var journal = JsonLinesJournal<Record>.Open(File))
            {
                Assert.Equal([new("first", 1)], journal.Records);
                Assert.Equal(length - firstLine, journal.DroppedBytes);
                journal.Append(new("zweiter ü", 2));
            }

            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void A_broken_line_in_the_middle_is_an_error_that_names_file_and_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "{\"name\":\"a\",\"value\":1}\nnot json\n{\"name\":\"b\",\"value\":2}\n");
        var error = Assert.Throws<InvalidDataException>(() => JsonLinesJournal<Record>.Open(File));
        Assert.Contains("journal.jsonl, line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("not json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_append_whole_lines()
    {
        using (var journal = JsonLinesJournal<Record>.Open(File))
            Parallel.For(0, 200, i => journal.Append(new(new string('x', i), i)));
        using var again = JsonLinesJournal<Record>.Open(File);
        Assert.Equal(Enumerable.Range(0, 200), again.Records.Select(r => r.Value).Order());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed record Record(string Name, int Value);
}
