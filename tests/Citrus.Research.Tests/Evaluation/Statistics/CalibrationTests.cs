using Citrus.Research.Evaluation.Statistics;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation.Statistics;

public sealed class CalibrationTests
{
    /// <summary>By hand, 10 bins: 0.9 right and 0.85 wrong share a bin (|1 - 1.75| = 0.75), 0.6 right stands alone (0.4): ECE = 1.15 / 3. Brier: (0.02 + 1.445 + 0.32) / 3.</summary>
    [Fact]
    public void The_error_and_the_Brier_score_are_those_by_hand()
    {
        var calibration = Calibration.Of([[0.9, 0.1], [0.85, 0.15], [0.4, 0.6]], [0, 1, 1]);
        Assert.Equal(1.15 / 3, calibration.ExpectedError, 12);
        Assert.Equal((0.02 + 1.445 + 0.32) / 3, calibration.Brier, 12);
        Assert.Equal((3, 2.0 / 3), (calibration.N, calibration.Accuracy));
        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 0, 2, 0], calibration.Bins.Select(b => b.N));
        Assert.Equal((0.875, 0.5), (calibration.Bins[8].Confidence, calibration.Bins[8].Accuracy));
    }

    [Fact]
    public void Both_equal_numpys_on_random_predictions()
    {
        var (probabilities, right) = (Fixture.Table("calibration", "probabilities"), Fixture.Row("calibration", "right").Select(r => (int)r).ToList());
        foreach (var bins in new[] { 5, 10, 15 })
            Assert.Equal(Fixture.Number("calibration", $"ece_{bins}"), Calibration.Of(probabilities, right, bins).ExpectedError, 9);
        Assert.Equal(Fixture.Number("calibration", "brier"), Calibration.Of(probabilities, right).Brier, 9);
    }

    [Fact]
    public void A_model_that_is_sure_and_right_has_no_error_and_one_that_is_sure_and_wrong_the_greatest()
    {
        var perfect = Calibration.Of([[1, 0, 0], [0, 1, 0]], [0, 1]);
        Assert.Equal((0.0, 0.0), (perfect.ExpectedError, perfect.Brier));
        var worst = Calibration.Of([[1, 0, 0], [0, 1, 0]], [1, 0]);
        Assert.Equal((1.0, 2.0), (worst.ExpectedError, worst.Brier));
    }

    [Fact]
    public void The_error_lies_between_the_overall_gap_and_one()
    {
        Gen.Select(Gen.Double[-3, 3].Array[2, 5], Gen.Int[0, 1]).Array[1, 40].Sample(questions =>
        {
            var calibration = Calibration.Of([.. questions.Select(q => Calibration.Probabilities(q.Item1))], [.. questions.Select(q => q.Item2)]);
            return calibration.ExpectedError >= Math.Abs(calibration.Accuracy - calibration.Confidence) - 1e-12 && calibration.ExpectedError <= 1
                && calibration.Brier is >= 0 and <= 2 && calibration.Bins.Sum(b => b.N) == questions.Length;
        });
    }

    [Fact]
    public void Scores_become_probabilities_whatever_is_added_to_all_of_them()
    {
        var p = Calibration.Probabilities([Math.Log(1), Math.Log(3), double.NegativeInfinity]);
        Assert.Equal([0.25, 0.75, 0], p.Select(v => Math.Round(v, 12)));
        Assert.Equal(p.Select(v => Math.Round(v, 9)), Calibration.Probabilities([Math.Log(1) - 2000, Math.Log(3) - 2000, double.NegativeInfinity]).Select(v => Math.Round(v, 9)));
    }

    [Fact]
    public void Scores_that_are_no_numbers_and_probabilities_that_do_not_add_up_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Calibration.Probabilities([0, double.NaN]));
        Assert.Throws<ArgumentException>(() => Calibration.Probabilities([double.NegativeInfinity]));
        Assert.Contains("Question 1", Assert.Throws<ArgumentException>(() => Calibration.Of([[0.5, 0.6]], [0])).Message);
        Assert.Contains("has 2 options", Assert.Throws<ArgumentException>(() => Calibration.Of([[0.5, 0.5]], [2])).Message);
        Assert.Throws<ArgumentException>(() => Calibration.Of([], []));
    }
}
