using Citrus.Research.Examples;
using Citrus.Research.Studies;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Cli;

public sealed class StageDataTests
{
    [Theory, InlineData("sft-1", 0), InlineData("sft-2", 0.25), InlineData("sft-3", 0.25)]
    public void A_stages_examples_are_written_in_words_that_students_know(string stage, double share)
    {
        using var folder = new TempFolder();
        var made = CitrusProcess.Run("clinic", "stage-data", "--stage", stage, "--count", "60", "--general-share", share.ToString(System.Globalization.CultureInfo.InvariantCulture), "--seed", "3", "--out", folder["a.jsonl"]);
        Assert.True(made.Exit == 0, made.Error);
        var examples = TrainingFiles.ReadExamples(folder["a.jsonl"]).ToList();
        Assert.Equal((int)made.Line["records"]!, examples.Count);
        var tasks = examples.Count(e => e.Source == "task");
        if (share > 0) Assert.Equal(share, tasks / (double)examples.Count, 0.02);
        else Assert.InRange(tasks, 10, 50);
        var words = StudyWorld.Open("clinic").Tokenizer;
        Assert.DoesNotContain(words.UnknownId, new RecordEncoder(words).Encode(examples).SelectMany(s => s.Ids));
    }

    [Fact]
    public void The_textbook_is_written_as_passages_and_has_no_share_of_tasks()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, CitrusProcess.Run("clinic", "stage-data", "--stage", "cpt", "--count", "20", "--out", folder["t.jsonl"]).Exit);
        Assert.Equal(20, ExampleFiles.ReadPassages(folder["t.jsonl"]).Count());
        Assert.Contains("no tasks", CitrusProcess.Run("clinic", "stage-data", "--stage", "cpt", "--general-share", "0.2", "--out", folder["t.jsonl"]).Error, StringComparison.Ordinal);
    }
}
