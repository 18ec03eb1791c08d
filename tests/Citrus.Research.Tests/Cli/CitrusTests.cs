namespace Citrus.Research.Tests.Cli;

/// <summary>The command from end to end: exit code, what people read, the line for machines.</summary>
public sealed class CitrusTests
{
    [Fact]
    public void Questions_become_examples_become_a_student_that_is_examined()
    {
        using var folder = new TempFolder();
        var (questions, made, student, score) = (folder["q.jsonl"], folder["direct"], folder["student"], folder["score"]);

        var generated = CitrusProcess.Run("clinic", "generate", "--count", "60", "--out", questions);
        Assert.True(generated.Exit == 0, generated.Error);
        Assert.Equal(60, File.ReadLines(questions).Count());
        Assert.InRange((double)generated.Line["ceiling"]!, 0.9, 1);

        var synthesized = CitrusProcess.Run("synthesize", "--questions", questions, "--pathway", "Direct", "--out", made);
        Assert.True(synthesized.Exit == 0, synthesized.Error);
        Assert.Equal(File.ReadLines(Path.Combine(made, "examples.jsonl")).Count(), (int)synthesized.Line["kept"]!);

        var trained = CitrusProcess.Run("train", "--stage", "sft", "--data", Path.Combine(made, "examples.jsonl"), "--size", "0.1M", "--steps", "40", "--out", student);
        Assert.True(trained.Exit == 0, trained.Error);
        Assert.True((double)trained.Line["loss"]! < (double)trained.Line["firstLoss"]!);
        Assert.Equal(0, (double)trained.Line["unknownTokens"]!);

        var pairs = folder["pairs.jsonl"];
        var sampled = CitrusProcess.Run("pairs", "--questions", questions, "--model", student, "--samples", "8", "--temperature", "1", "--out", pairs);
        Assert.True(sampled.Exit == 0, sampled.Error);
        Assert.Equal(File.ReadLines(pairs).Count(), (int)sampled.Line["pairs"]!);
        var preferred = CitrusProcess.Run("train", "--stage", "preference", "--data", pairs, "--base", student, "--replay", Path.Combine(made, "examples.jsonl"), "--steps", "150", "--out", folder["preferred"]);
        Assert.True(preferred.Exit == 0, preferred.Error);
        Assert.True((double)preferred.Line["loss"]! < (double)preferred.Line["firstLoss"]!);

        var evaluated = CitrusProcess.Run("evaluate", "--questions", questions, "--model", "student:" + student, "--protocol", "likelihood", "--out", score);
        Assert.True(evaluated.Exit == 0, evaluated.Error);
        Assert.Equal((60, 0.25), ((int)evaluated.Line["n"]!, (double)evaluated.Line["chance"]!));
        Assert.Equal(60, File.ReadLines(Path.Combine(score, "samples.jsonl")).Count());
    }

    [Fact]
    public void Stopped_with_Ctrl_C_it_ends_in_order_and_the_same_command_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no signal to send another process on Windows");
        using var folder = new TempFolder();
        string[] run = ["study", "run", "pathways", "--scale", "smoke", "--arm", "Direct", "--size", "0.1M", "--out", folder["out"]];
        var stopped = CitrusProcess.Run(p =>
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{p.Id}"]);
            kill.WaitForExit();
        }, run);
        Assert.Equal(1, stopped.Exit);
        Assert.False((bool)stopped.Line["ok"]!);
        Assert.Contains("the same command goes on", stopped.Error, StringComparison.Ordinal);
        var finished = CitrusProcess.Run(run);
        Assert.True(finished.Exit == 0, finished.Error);
        Assert.Equal("Direct", (string)finished.Line["figures"]![0]!["arm"]!);
    }

    [Fact]
    public void Bad_input_ends_with_what_to_mend_and_exit_code_1()
    {
        using var folder = new TempFolder();
        var data = folder.With("a.jsonl", """{"messages":[{"role":"user","content":"q"}]}""");
        var refused = CitrusProcess.Run("train", "--stage", "sft", "--data", data, "--size", "0.1M", "--out", folder["s"]);
        Assert.Equal(1, refused.Exit);
        Assert.False((bool)refused.Line["ok"]!);
        Assert.Contains($"{data}, line 1, field messages", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["s"]));
    }

    [Fact]
    public void A_command_line_that_cannot_be_understood_says_so_to_people_and_machines()
    {
        var refused = CitrusProcess.Run("clinic", "generate", "--count", "many");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("many", refused.Error, StringComparison.Ordinal);
        Assert.Equal("clinic generate", (string?)refused.Line["command"]);
        Assert.Contains("--help", (string?)refused.Line["error"], StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_knowledge_is_reported_with_file_and_line()
    {
        using var folder = new TempFolder();
        folder.With("common.yaml", "contexts: []\nfindings:\n  - id: fever\n    kind: symptom\n    background: 7\n    present: [fever]\n    absent: [no fever]\n");
        var refused = CitrusProcess.Run("clinic", "check", folder.Root);
        Assert.Equal(1, refused.Exit);
        Assert.Contains("common.yaml:5", refused.Error, StringComparison.Ordinal);
    }
}
