using Citrus.Research.Questions;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Cli;

public sealed class SynthesizeTests
{
    [Fact]
    public void Broken_lines_are_an_error_until_they_are_allowed_and_then_counted()
    {
        using var folder = new TempFolder();
        var file = folder.With("q.jsonl", string.Join('\n', Some.Exam(6, Register.Vignette).Select(UnifiedQuestions.ToJson).Append("{\"id\": 7}")));
        string[] run = ["synthesize", "--questions", file, "--pathway", "PatternRecognition", "--expert", "clinic?fallibility=0", "--out", folder["out"]];
        var refused = CitrusProcess.Run(run);
        Assert.Equal(1, refused.Exit);
        Assert.Contains($"{file}, line 7, field", refused.Error, StringComparison.Ordinal);
        var made = CitrusProcess.Run([.. run, "--skip-bad", "1"]);
        Assert.True(made.Exit == 0, made.Error);
        Assert.Equal((6, 1), ((int)made.Line["questions"]!, (int)made.Line["skippedLines"]!));
        Assert.Contains("1 lines of q.jsonl could not be read", made.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["out"], "examples.parquet")));

        var narrated = CitrusProcess.Run("synthesize", "emit", "--min-words", "1000", "--out", folder["out"]);
        Assert.Equal(1, narrated.Exit);
        Assert.Contains("too short", narrated.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_process_on_the_same_folder_is_refused()
    {
        using var folder = new TempFolder();
        var file = folder.With("q.jsonl", string.Join('\n', Some.Exam(2, Register.Vignette).Select(UnifiedQuestions.ToJson)));
        using (FolderLock.Take(folder["out"]))
        {
            var refused = CitrusProcess.Run("synthesize", "--questions", file, "--pathway", "Direct", "--out", folder["out"]);
            Assert.Equal(1, refused.Exit);
            Assert.Contains("in use by another run", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_questions_it_says_what_is_missing() =>
        Assert.Contains("--questions", CitrusProcess.Run("synthesize", "--pathway", "Direct", "--out", "x").Error, StringComparison.Ordinal);
}
