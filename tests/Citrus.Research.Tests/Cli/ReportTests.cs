using System.Text.Json.Nodes;

namespace Citrus.Research.Tests.Cli;

/// <summary><c>citrus report</c> on folders that the other verbs wrote.</summary>
public sealed class ReportTests
{
    [Fact]
    public void An_evaluation_and_a_synthesis_become_one_page()
    {
        using var folder = new TempFolder();
        var (questions, evaluated, made, page) = (folder["q.jsonl"], folder["eval"], folder["made"], folder["report.html"]);
        Assert.Equal(0, CitrusProcess.Run("clinic", "generate", "--count", "12", "--out", questions).Exit);
        var evaluation = CitrusProcess.Run("evaluate", "--questions", questions, "--model", "clinic", "--out", evaluated);
        Assert.True(evaluation.Exit == 0, evaluation.Error);
        var synthesis = CitrusProcess.Run("synthesize", "--questions", questions, "--pathway", "TreeSearch", "--out", made);
        Assert.True(synthesis.Exit == 0, synthesis.Error);

        var report = CitrusProcess.Run("report", evaluated, made, "--traces", Path.Combine(made, "traces.jsonl"), "--out", page);
        Assert.True(report.Exit == 0, report.Error);
        Assert.Equal((12, 24), ((int)report.Line["questions"]!, (int)report.Line["samples"]!));
        Assert.Equal(["eval", "made"], report.Line["scores"]!.AsArray().Select(s => (string)s!["run"]!));
        Assert.Equal((double)evaluation.Line["accuracy"]!, (double)report.Line["scores"]![0]!["accuracy"]!);
        Assert.Empty((JsonArray)report.Line["problems"]!);
        Assert.Contains("Content-Security-Policy", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_ends_with_what_to_name()
    {
        using var folder = new TempFolder();
        var refused = CitrusProcess.Run("report", folder.Root, "--out", folder["report.html"]);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("holds neither samples.jsonl", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["report.html"]));
    }
}
