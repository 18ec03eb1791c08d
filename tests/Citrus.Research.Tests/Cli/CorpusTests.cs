namespace Citrus.Research.Tests.Cli;

public sealed class CorpusTests
{
    private static string Lines(string word) => string.Join("\n\n", Enumerable.Range(0, 50).Select(i => $"The {word} of number {i} is said to be {i * i} and no more."));

    [Fact]
    public void A_mix_is_written_and_told_and_read_by_training()
    {
        using var folder = new TempFolder();
        var (a, b) = (folder.With("a.txt", Lines("first")), folder.With("b.txt", Lines("second")));
        var built = CitrusProcess.Run("corpus", "build", "--source", $"{a}:0.75", "--source", $"{b}:0.25", "--near", "0", "--out", folder["corpus.jsonl"]);
        Assert.True(built.Exit == 0, built.Error);
        Assert.Equal((int)built.Line["documents"]!, File.ReadLines(folder["corpus.jsonl"]).Count());
        Assert.InRange((double)built.Line["sources"]![0]!["share"]!, 0.74, 0.76);
        Assert.Equal((int)built.Line["documents"]!, Research.Examples.ExampleFiles.ReadPassages(folder["corpus.jsonl"]).Count());
    }

    [Fact]
    public void Nothing_left_is_an_error_that_leaves_an_earlier_file_alone()
    {
        using var folder = new TempFolder();
        var kept = folder.With("corpus.jsonl", "{}");
        var failed = CitrusProcess.Run("corpus", "build", "--source", folder.With("a.txt", "short"), "--out", kept);
        Assert.Equal(1, failed.Exit);
        Assert.Contains("1 too short", failed.Error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(kept));
        Assert.Contains("--mix", CitrusProcess.Run("corpus", "report").Error, StringComparison.Ordinal);
    }
}
