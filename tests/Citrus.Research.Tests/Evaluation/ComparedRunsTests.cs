using Citrus.Research.Evaluation;

namespace Citrus.Research.Tests.Evaluation;

public sealed class ComparedRunsTests
{
    [Fact]
    public void A_folder_is_a_run_and_a_question_without_an_answer_is_wrong_and_told()
    {
        using var folder = new TempFolder();
        var run = ComparedRuns.Of(EvaluationFolder.Open(SomeEvaluation.Write(folder["a"], ["A", "B", "-", ""])), "a").Single();
        Assert.Equal([true, false, false, false], run.Right);
        Assert.Null(run.SampleMeans);
        Assert.Contains(run.Problems, p => p.Contains("q004", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_samples_vote_and_their_mean_is_kept_beside_the_vote()
    {
        using var folder = new TempFolder();
        var run = ComparedRuns.Of(EvaluationFolder.Open(SomeEvaluation.Write(folder["a"], ["AAB", "BBA", "A-B", "ABB"])), "a").Single();
        Assert.Equal([true, false, true, false], run.Right);
        Assert.Equal([2.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3], run.SampleMeans!.Select(m => m));
    }

    [Fact]
    public void A_sweep_is_one_run_for_each_of_its_values()
    {
        using var folder = new TempFolder();
        var runs = ComparedRuns.Of(EvaluationFolder.Open(SomeEvaluation.Write(folder["a"], ["BA", "AA"], "thinking", variant: k => k == 0 ? "thinking=0" : "thinking=64")), "a");
        Assert.Equal(["a thinking=0", "a thinking=64"], runs.Select(r => r.Name));
        Assert.Equal([false, true], runs[0].Right);
        Assert.Equal([true, true], runs[1].Right);
        Assert.Single(RunComparison.Of(runs).Pairs);
    }
}
