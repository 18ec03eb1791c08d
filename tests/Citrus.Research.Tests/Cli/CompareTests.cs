using Citrus.Research.Tests.Evaluation;

namespace Citrus.Research.Tests.Cli;

/// <summary><c>citrus compare</c> on folders with known answers.</summary>
public sealed class CompareTests
{
    [Fact]
    public void Two_runs_are_compared_in_a_table_in_words_in_CSV_and_for_machines()
    {
        using var folder = new TempFolder();
        // 20 questions: both right on 8, only first on 10, only second on 2; two-sided binomial of 2 in 12 is 158/4096
        var first = SomeEvaluation.Write(folder["first"], [.. Enumerable.Range(0, 20).Select(i => i < 18 ? "A" : "B")]);
        var second = SomeEvaluation.Write(folder["second"], [.. Enumerable.Range(0, 20).Select(i => i is < 8 or >= 18 ? "A" : "C")], "few-shot");
        var run = CitrusProcess.Run("compare", first, second, "--csv", folder["pairs.csv"]);
        Assert.True(run.Exit == 0, run.Error);
        var pair = run.Line["pairs"]![0]!;
        Assert.Equal((20, 0.9, 0.5), ((int)pair["questions"]!, (double)pair["firstAccuracy"]!, (double)pair["secondAccuracy"]!));
        Assert.Equal(158.0 / 4096, (double)pair["pValue"]!, 9);
        Assert.Contains("first is better than second on these 20 questions: first − second = +40.0 points", run.Out);
        Assert.Contains("Mind: second had another protocol (few-shot v1)", run.Out);
        Assert.StartsWith("First,Second,Questions,FirstAccuracy,SecondAccuracy,Difference,Low,High,OnlyFirst,OnlySecond,", File.ReadAllText(folder["pairs.csv"]));
        Assert.Equal(2, File.ReadLines(folder["pairs.csv"]).Count());
    }

    [Fact]
    public void What_cannot_be_compared_ends_with_what_to_mend()
    {
        using var folder = new TempFolder();
        var run = SomeEvaluation.Write(folder["a"], ["A", "B"]);
        void Fails(string message, params string[] args)
        {
            var failed = CitrusProcess.Run(["compare", .. args]);
            Assert.Equal((1, false), (failed.Exit, (bool)failed.Line["ok"]!));
            Assert.Contains(message, failed.Error);
        }

        Fails("at least two folders", run);
        Fails("given twice", run, run + "/");
        Fails("There is no folder", run, folder["nowhere"]);
    }
}
