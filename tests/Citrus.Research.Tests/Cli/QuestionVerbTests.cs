using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Cli;

public sealed class QuestionVerbTests
{
    private static string Fixture(string name) => Path.Combine(Repository.Root, "tests", "fixtures", "benchmarks", name);

    [Fact]
    public void A_published_file_becomes_our_form_and_is_shown_and_counted()
    {
        using var folder = new TempFolder();
        var converted = CitrusProcess.Run("questions", "convert", "--questions", Fixture("cmexam.csv"), "--split", "test", "--out", folder["q.jsonl"]);
        Assert.True(converted.Exit == 0, converted.Error);
        Assert.Equal((2, 1), ((int)converted.Line["questions"]!, (int)converted.Line["leftOut"]!));
        Assert.Contains("line 10", converted.Out, StringComparison.Ordinal);
        Assert.Equal(["cmexam-test-00001", "cmexam-test-00002"], UnifiedQuestions.Read(folder["q.jsonl"]).Select(q => q.Id));
        var shown = CitrusProcess.Run("questions", "show", "--questions", folder["q.jsonl"], "--id", "cmexam-test-00002");
        Assert.Contains("* C. 肱骨", shown.Out, StringComparison.Ordinal);
        Assert.Contains("  B. 胸骨", shown.Out, StringComparison.Ordinal);
        var counted = CitrusProcess.Run("questions", "stats", "--questions", Fixture("cmexam.csv"));
        Assert.Equal((2, 1, "Unknown"), ((int)counted.Line["questions"]!, (int)counted.Line["severalAnswers"]!, (string)counted.Line["file"]!["state"]!));
    }

    [Fact]
    public void What_cannot_be_done_is_said_and_leaves_no_file()
    {
        using var folder = new TempFolder();
        var none = CitrusProcess.Run("questions", "convert", "--questions", Fixture("medmcqa_test.json"), "--out", folder["q.jsonl"]);
        Assert.Equal(1, none.Exit);
        Assert.Contains("no question in it that can be asked", none.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
        Assert.Contains("beyond the last", CitrusProcess.Run("questions", "show", "--questions", Fixture("hle.jsonl"), "--number", "9").Error, StringComparison.Ordinal);
        Assert.Contains("citrus data get gpqa-main", CitrusProcess.Run("questions", "stats", "--questions", "gpqa-main").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_says_where_each_benchmark_is_published()
    {
        var list = CitrusProcess.Run("data", "list", "medqa-us-4");
        Assert.Contains("https://github.com/jind11/MedQA", list.Out, StringComparison.Ordinal);
        Assert.Contains("c3b905ccfa66152dc25afbcb2c10e86c0bdb208824f0658fcdb2c040f60a2beb", list.Out, StringComparison.Ordinal);
        var unknown = CitrusProcess.Run("data", "get", "medqqa");
        Assert.Equal(1, unknown.Exit);
        Assert.Contains("There is no benchmark medqqa", unknown.Error, StringComparison.Ordinal);
    }
}
