using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Cli;

public sealed class DialoguesTests
{
    private static readonly string[] Made = ["chat.jsonl", "jmed.jsonl", "jmed.xlsx", "problems.jsonl", "card.json", "card.md"];

    [Fact]
    public void Consultations_are_led_written_and_taken_up_again_with_the_same_files()
    {
        using var folder = new TempFolder();
        string[] words = ["dialogues", "--cases", "clinic:30", "--split", "test", "--options", "21", "--out", folder["d"]];
        var first = CitrusProcess.Run(words);
        Assert.True(first.Exit == 0, first.Error);
        Assert.Equal((30, 30), ((int)first.Line["consultations"]!, (int)first.Line["questions"]!));
        Assert.Equal(1, (double)first.Line["posterior"]!["diagnosisIsBest"]!["share"]!);
        Assert.Equal((int)first.Line["chats"]!, ExampleFiles.ReadExamples(Path.Combine(folder["d"], "chat.jsonl")).Count());
        var (ours, published) = (QuestionFiles.Read(Path.Combine(folder["d"], "jmed.jsonl")).ToList(), QuestionFiles.Read(Path.Combine(folder["d"], "jmed.xlsx")).ToList());
        Assert.Equal(ours.Select(q => (q.Stem, string.Join('|', q.Options), string.Join('|', q.Answers))), published.Select(q => (q.Stem, string.Join('|', q.Options), string.Join('|', q.Answers))));
        Assert.All(ours, q => Assert.Equal("U", q.Options[^1].Label));

        var bytes = Made.ToDictionary(f => f, f => File.ReadAllBytes(Path.Combine(folder["d"], f)));
        var journal = Path.Combine(folder["d"], "consultations.jsonl");
        var lines = File.ReadAllLines(journal);
        // As a kill leaves it: eleven finished, the next torn.
        File.WriteAllText(journal, string.Join('\n', lines.Take(11)) + "\n" + lines[11][..50]);
        Assert.Equal(0, CitrusProcess.Run(words).Exit);
        Assert.Equal(lines.Order(), File.ReadAllLines(journal).Order());
        foreach (var (name, before) in bytes) Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder["d"], name)));
    }

    [Theory]
    [InlineData("--cases", "clinic:none", "a number of patients is needed")]
    [InlineData("--options", "22", "must be 3 to 21")]
    [InlineData("--none-share", "2", "must be 0 to 1")]
    [InlineData("--doctor", "clinic?asks=loudly", "asks=loudly")]
    public void What_cannot_be_meant_is_refused(string option, string value, string says)
    {
        using var folder = new TempFolder();
        string[] words = option == "--cases" ? ["dialogues", option, value, "--out", folder["d"]] : ["dialogues", "--cases", "clinic:2", option, value, "--out", folder["d"]];
        var run = CitrusProcess.Run(words);
        Assert.Equal(1, run.Exit);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }
}
