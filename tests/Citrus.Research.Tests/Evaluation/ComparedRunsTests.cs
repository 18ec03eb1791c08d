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
        Assert.Equal([2.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3], run.SampleMeans!);
        // All three: every question has a right one, votes are won on the first and, by half, on the third (A against B).
        Assert.Equal([1, 2, 3], run.Curve!.Select(p => p.K));
        Assert.Equal(5.0 / 12, run.Curve![0].Pass, 12);
        Assert.Equal(1, run.Curve![2].Pass, 12);
        Assert.Equal(1.5 / 4, run.Curve![2].Majority, 12);
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

    [Fact]
    public void Scored_options_give_a_calibration_and_broken_scores_are_left_out_of_it()
    {
        using var folder = new TempFolder();
        var path = SomeEvaluation.Write(folder["a"], ["A", "A", "A"], scores: i => i switch { 0 => [Math.Log(0.7), Math.Log(0.1), Math.Log(0.1), Math.Log(0.1)], 1 => [Math.Log(0.1), Math.Log(0.7), Math.Log(0.1), Math.Log(0.1)], _ => [double.NaN, 0, 0, 0] });
        var calibration = ComparedRuns.Of(EvaluationFolder.Open(path), "a").Single().Calibration!;
        Assert.Equal((2, 0.5), (calibration.N, calibration.Accuracy));
        Assert.Equal(0.7, calibration.Confidence, 9);
        Assert.Equal(0.2, calibration.ExpectedError, 9);
    }

    [Fact]
    public void Agreement_is_of_what_was_chosen_not_only_of_what_was_right()
    {
        using var folder = new TempFolder();
        ComparedRun Run(string name, params string[] answers) => ComparedRuns.Of(EvaluationFolder.Open(SomeEvaluation.Write(folder[name], answers)), name).Single();
        // Both are wrong on the last two, but differently: they agree on 2 of 4; by chance on 2/4 x 2/4 + 1/4 x 1/4 + 1/4 x 1/4 = 3/8 of them.
        var pair = RunComparison.Of([Run("a", "A", "A", "B", "C"), Run("b", "A", "A", "C", "B")]).Pairs.Single();
        Assert.Equal((0.5 - 0.375) / (1 - 0.375), pair.Agreement!.Value, 12);
        Assert.Equal(1, RunComparison.Of([Run("c", "A", "B"), Run("d", "A", "B")]).Pairs.Single().Agreement!.Value, 12);
    }

    [Fact]
    public void Runs_are_called_as_their_folders_and_by_more_of_the_path_where_these_are_the_same()
    {
        using var folder = new TempFolder();
        string Run(string name) => SomeEvaluation.Write(folder[name], ["A", "B"]);
        Assert.Equal(["a", "b"], ComparedRuns.Open([Run("a"), Run("b")]).Select(r => r.Name));
        Assert.Equal(["x/run", "y/run"], ComparedRuns.Open([Run("x/run"), Run("y/run")]).Select(r => r.Name));
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => ComparedRuns.Open([folder["a"], folder["a"] + Path.DirectorySeparatorChar])).Message);
    }
}
