using Citrus.Research.Evaluation.Statistics;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation.Statistics;

public sealed class PassAtKTests
{
    /// <summary>By hand: with 1 of 4 right, two draws miss it in C(3,2) of C(4,2) cases, so pass@2 = 1 - 3/6.</summary>
    [Theory]
    [InlineData(4, 1, 1, 0.25)]
    [InlineData(4, 1, 2, 0.5)]
    [InlineData(4, 0, 3, 0)]
    [InlineData(4, 2, 3, 1)]
    public void It_is_the_chance_that_one_of_k_is_right(int n, int c, int k, double pass) => Assert.Equal(pass, PassAtK.Of(n, c, k), 12);

    [Fact]
    public void It_equals_the_paper_s_estimator_as_numpy_computes_it() =>
        Assert.All(Fixture.Rows("pass_at_k"), r => Assert.Equal(r[3], PassAtK.Of((int)r[0], (int)r[1], (int)r[2]), 12));

    [Fact]
    public void It_equals_counting_every_choice_of_k()
    {
        Gen.Select(Gen.Bool.Array[1, 10], Gen.Int[1, 10]).Where(x => x.Item2 <= x.Item1.Length).Sample((right, k) =>
        {
            var (hits, all) = (0, 0);
            for (var mask = 0; mask < 1 << right.Length; mask++)
            {
                if (int.PopCount(mask) != k) continue;
                all++;
                if (right.Where((r, i) => r && (mask >> i & 1) == 1).Any()) hits++;
            }

            return Math.Abs(PassAtK.Of(right.Length, right.Count(r => r), k) - ((double)hits / all)) < 1e-12;
        }, iter: 60);
    }

    [Fact]
    public void It_rises_with_k_and_with_the_right_answers_and_is_their_share_at_1()
    {
        Gen.Select(Gen.Int[2, 200], Gen.Int[0, 199], Gen.Int[1, 199]).Where(x => x.Item2 < x.Item1 && x.Item3 < x.Item1).Sample((n, c, k) =>
            PassAtK.Of(n, c, k + 1) >= PassAtK.Of(n, c, k) && PassAtK.Of(n, c + 1, k) >= PassAtK.Of(n, c, k) && Math.Abs(PassAtK.Of(n, c, 1) - ((double)c / n)) < 1e-12);
    }

    [Fact]
    public void A_benchmarks_is_the_mean_over_questions_and_too_few_samples_are_refused()
    {
        Assert.Equal((0.5 + 1) / 2, PassAtK.Mean([(4, 1), (2, 1)], 2), 12);
        Assert.Contains("at least 5 samples", Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Of(4, 1, 5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Of(4, 5, 1));
        Assert.Throws<ArgumentException>(() => PassAtK.Mean([], 1));
    }
}
