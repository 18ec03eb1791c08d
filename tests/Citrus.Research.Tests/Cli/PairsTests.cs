using System.Diagnostics;
using Citrus.Research.Examples;

namespace Citrus.Research.Tests.Cli;

/// <summary><c>citrus pairs</c> from end to end.</summary>
public sealed class PairsTests
{
    [Fact]
    public void Killed_while_it_runs_it_goes_on_and_writes_the_pairs_of_an_undisturbed_run()
    {
        using var folder = new TempFolder();
        var questions = folder["q.jsonl"];
        var generated = CitrusProcess.Run("clinic", "generate", "--count", "40", "--register", "vignette", "--out", questions);
        Assert.True(generated.Exit == 0, generated.Error);
        string[] Pairs(string into) => ["pairs", "--questions", questions, "--sampler", "clinic?fallibility=0.6", "--judge", "clinic?position=0.2", "--samples", "6", "--format", "llamafactory", "--out", folder[into]];

        var whole = CitrusProcess.Run(Pairs("whole"));
        Assert.True(whole.Exit == 0, whole.Error);
        for (var i = 0; i < 2; i++)
        {
            CitrusProcess.Run(
                process =>
                {
                    var journal = Path.Combine(folder["killed"], i == 0 ? "samples.jsonl" : "verdicts.jsonl");
                    for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30) && !process.HasExited && !(File.Exists(journal) && new FileInfo(journal).Length > 0);) Thread.Sleep(1);
                    process.Kill();
                }, Pairs("killed"));
        }

        var finished = CitrusProcess.Run(Pairs("killed"));
        Assert.True(finished.Exit == 0, finished.Error);
        foreach (var file in (string[])["pairs.jsonl", "pairs.llamafactory.jsonl", "card.json", "card.md", "problems.jsonl"])
            Assert.Equal(File.ReadAllText(Path.Combine(folder["whole"], file)), File.ReadAllText(Path.Combine(folder["killed"], file)));
        Assert.Equal(240, File.ReadLines(Path.Combine(folder["killed"], "samples.jsonl")).Distinct().Count());
        Assert.Equal((int)whole.Line["pairs"]!, ExampleFiles.ReadPairs(Path.Combine(folder["whole"], "pairs.jsonl")).Count());
    }

    [Theory]
    [InlineData("--judge does not go with --model", "--model", "s", "--judge", "clinic")]
    [InlineData("--concurrency does not go with --model", "--model", "s", "--concurrency", "4")]
    [InlineData("--sampler needs --judge", "--sampler", "clinic")]
    [InlineData("--judge needs --sampler", "--judge", "clinic")]
    [InlineData("Who is to answer?")]
    [InlineData("--random goes with --model only", "--sampler", "clinic", "--judge", "clinic", "--random")]
    [InlineData("--seed goes with --model only", "--sampler", "clinic", "--judge", "clinic", "--seed", "3")]
    [InlineData("--temperature is 0.000", "--sampler", "clinic", "--judge", "clinic", "--temperature", "0")]
    [InlineData("leave out one of them", "--sampler", "clinic?temperature=2", "--judge", "clinic", "--temperature", "1")]
    [InlineData("position=2", "--sampler", "clinic", "--judge", "clinic?position=2")]
    public void What_does_not_go_together_is_refused_with_the_mend(string message, params string[] options)
    {
        using var folder = new TempFolder();
        var questions = folder.With("q.jsonl", """{"id":"q1","stem":"Which?","options":[{"label":"A","text":"x"},{"label":"B","text":"y"}],"answers":["A"]}""" + "\n");
        var refused = CitrusProcess.Run(["pairs", "--questions", questions, .. options, "--out", folder["out"]]);
        Assert.Equal(1, refused.Exit);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }
}
