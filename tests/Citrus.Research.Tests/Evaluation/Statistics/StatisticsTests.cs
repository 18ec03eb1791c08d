using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation.Statistics;

public sealed class StatisticsTests
{
    [Theory]
    // Newcombe 1998, Statistics in Medicine 17: 857-872, Table I, method 3 (score, uncorrected)
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_equals_Newcombes_table(int successes, int n, double low, double high)
    {
        var interval = Wilson.Of(successes, n);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Theory]
    // SciPy 1.10.1: stats.binomtest(k, n).proportion_ci(0.95, 'wilson')
    [InlineData(1058, 1273, 0.8095372633685193, 0.8506856595138604)]
    [InlineData(29, 30, 0.8332960900859083, 0.9940914096183875)]
    public void Wilsons_interval_equals_SciPys(int successes, int n, double low, double high)
    {
        Assert.Equal(low, Wilson.Of(successes, n).Low, 12);
        Assert.Equal(high, Wilson.Of(successes, n).High, 12);
    }

    [Fact]
    public void Wilsons_interval_holds_the_share_lies_within_0_and_1_and_mirrors()
    {
        Gen.Select(Gen.Int[0, 2000], Gen.Int[1, 2000]).Sample((a, b) =>
        {
            var (n, k) = (Math.Max(a, b), Math.Min(a, b));
            var (interval, mirror) = (Wilson.Of(k, n), Wilson.Of(n - k, n));
            return interval.Low >= 0 && interval.High <= 1 && interval.Contains((double)k / n)
                && Math.Abs(interval.Low - (1 - mirror.High)) < 1e-12 && Wilson.Of(k, n, 0.99).Width > interval.Width;
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Of(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Of(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Of(1, 2, 95));
    }

    [Theory]
    // SciPy 1.10.1: stats.binomtest(a, a + b, 0.5).pvalue
    [InlineData(1, 9, 0.021484375)]
    [InlineData(5, 5, 1)]
    [InlineData(3, 12, 0.03515625)]
    [InlineData(10, 25, 0.016673847800120715)]
    [InlineData(59, 121, 4.4344492637551645e-06)]
    [InlineData(400, 480, 0.007707305043339113)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(0, 0, 1)]
    public void McNemars_exact_p_equals_the_binomial_tests(int a, int b, double p)
    {
        Assert.Equal(p, McNemar.Of(a, b).PValue, 9);
        Assert.Equal(McNemar.Of(a, b).PValue, McNemar.Of(b, a).PValue, 14);
    }

    [Fact]
    public void McNemar_counts_only_questions_where_one_arm_is_right()
    {
        Gen.Select(Gen.Bool, Gen.Bool).Array[1, 50].Sample(pairs =>
        {
            var test = McNemar.Of(pairs.Select(p => p.Item1).ToList(), pairs.Select(p => p.Item2).ToList());
            return test.OnlyFirst - test.OnlySecond == pairs.Count(p => p.Item1) - pairs.Count(p => p.Item2)
                && test.OnlyFirst + test.OnlySecond == pairs.Count(p => p.Item1 != p.Item2) && test.PValue is > 0 and <= 1;
        });
        Assert.Throws<ArgumentException>(() => McNemar.Of([true], [true, false]));
    }

    [Fact]
    // R 4: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02
    public void Holm_equals_Rs_p_adjust() => Assert.All(Holm.Adjust([0.01, 0.04, 0.03, 0.005]).Zip([0.03, 0.06, 0.06, 0.02]), p => Assert.Equal(p.Second, p.First, 12));

    [Fact]
    public void Holm_never_lowers_a_p_keeps_their_order_and_stays_below_Bonferroni()
    {
        Gen.Double[0, 1].Array[0, 12].Sample(ps =>
        {
            var adjusted = Holm.Adjust(ps);
            var order = Enumerable.Range(0, ps.Length).OrderBy(i => ps[i]).Select(i => adjusted[i]).ToList();
            return order.SequenceEqual(order.Order()) && ps.Zip(adjusted).All(p => p.Second >= p.First && p.Second <= Math.Min(1, p.First * ps.Length) + 1e-15);
        });
        Assert.Throws<ArgumentException>(() => Holm.Adjust([0.1, double.NaN]));
    }

    [Fact]
    public void The_paired_bootstrap_is_seeded_holds_its_mean_and_mirrors()
    {
        Gen.Select(Gen.Bool, Gen.Bool).Array[5, 60].Sample(pairs =>
        {
            var (a, b) = (pairs.Select(p => p.Item1).ToList(), pairs.Select(p => p.Item2).ToList());
            var difference = PairedBootstrap.Of(a, b, 400);
            var mirror = PairedBootstrap.Of(b, a, 400);
            return difference == PairedBootstrap.Of(a, b, 400) && difference.Interval.Low <= difference.Mean + 1e-9 && difference.Interval.High >= difference.Mean - 1e-9
                && Math.Abs(difference.Interval.Low + mirror.Interval.High) < 1e-9 && difference.PValue == mirror.PValue;
        }, iter: 50);
    }

    [Fact]
    public void The_paired_bootstraps_interval_is_that_of_the_standard_error()
    {
        var random = new SeededRandom(3);
        var first = Enumerable.Range(0, 800).Select(_ => random.Chance(0.7) ? 1.0 : 0).ToList();
        var second = Enumerable.Range(0, 800).Select(_ => random.Chance(0.6) ? 1.0 : 0).ToList();
        var difference = PairedBootstrap.Of(first, second);
        var error = StandardError.Of([.. first.Zip(second, (a, b) => a - b)]);
        Assert.Equal(difference.Mean - (1.96 * error), difference.Interval.Low, 0.15 * error);
        Assert.Equal(difference.Mean + (1.96 * error), difference.Interval.High, 0.15 * error);
    }

    [Fact]
    public void Equal_arms_differ_by_nothing() => Assert.Equal(new Difference(0, new Interval(0, 0), 1), PairedBootstrap.Of([true, false, true], [true, false, true], 200));

    [Fact]
    public void A_clustered_error_of_single_questions_is_the_plain_one_and_copies_teach_nothing()
    {
        Gen.Double[0, 1].Array[2, 40].Sample(values =>
        {
            var plain = StandardError.Of(values) * Math.Sqrt((values.Length - 1.0) / values.Length);
            var names = values.Select((_, i) => $"case {i}").ToList();
            var twice = StandardError.Clustered([.. values, .. values], [.. names, .. names]);
            return Math.Abs(StandardError.Clustered(values, names) - plain) < 1e-12 && Math.Abs(twice - plain) < 1e-12;
        });
    }

    [Fact]
    // SciPy 1.10.1: stats.t.interval(.95, 2, loc=0.61, scale=stats.sem([.61, .64, .58]))
    public void The_interval_over_seeds_is_Students()
    {
        var mean = SeedMean.Of([0.61, 0.64, 0.58]);
        Assert.Equal(0.61, mean.Mean, 12);
        Assert.Equal(0.5354758686446873, mean.Interval!.Value.Low, 9);
        Assert.Equal(0.6845241313553126, mean.Interval!.Value.High, 9);
        Assert.Equal(0.03, mean.StandardDeviation, 12);
        Assert.Null(SeedMean.Of([0.5]).Interval);
    }

    [Fact]
    // SciPy 1.10.1: (norm.ppf(.975) + norm.ppf(.8)) * (0.2 / 1273) ** .5
    public void The_detectable_difference_on_MedQAs_test_file_is_three_and_a_half_points() =>
        Assert.Equal(0.03511596708675687, DetectableDifference.Of(1273, 0.2), 9);

    [Fact]
    public void The_detectable_difference_shrinks_with_more_questions_and_pairing_helps_where_arms_mostly_agree()
    {
        Gen.Select(Gen.Int[1, 5000], Gen.Double[0.01, 1]).Sample((n, discordant) =>
            DetectableDifference.Of(4 * n, discordant) is var half && Math.Abs((2 * half) - DetectableDifference.Of(n, discordant)) < 1e-12 && DetectableDifference.Of(n, discordant, power: 0.9) > DetectableDifference.Of(n, discordant));
        // independent arms of accuracy p disagree on 2p(1-p) of the questions: both formulas meet there
        Assert.Equal(DetectableDifference.Of(1273, 2 * 0.78 * 0.22), DetectableDifference.Unpaired(1273, 1273, 0.78), 12);
        Assert.True(DetectableDifference.Of(1273, 0.1) < DetectableDifference.Unpaired(1273, 1273, 0.78));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectableDifference.Unpaired(1273, 0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => DetectableDifference.OfError(double.NaN));
    }

    [Fact]
    public void Drawing_whole_clusters_undoes_copying_the_questions()
    {
        var random = new SeededRandom(8);
        var first = Enumerable.Range(0, 150).Select(_ => random.Chance(0.7) ? 1.0 : 0).ToList();
        var second = Enumerable.Range(0, 150).Select(_ => random.Chance(0.6) ? 1.0 : 0).ToList();
        var cases = Enumerable.Range(0, 150).Select(i => $"case {i}").ToList();
        var once = PairedBootstrap.Clustered(first, second, cases, 4000);
        var fourfold = PairedBootstrap.Clustered([.. first, .. first, .. first, .. first], [.. second, .. second, .. second, .. second], [.. cases, .. cases, .. cases, .. cases], 4000);
        Assert.Equal(once.Mean, fourfold.Mean, 12);
        Assert.Equal(once.Interval.Width, fourfold.Interval.Width, 0.01);
        Assert.Equal(PairedBootstrap.Of(first, second, 4000).Interval.Width, once.Interval.Width, 0.02);
    }

    [Fact]
    public void Independent_shares_differ_as_much_one_way_as_the_other_and_the_interval_holds_the_difference()
    {
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300]).Sample((a, b) =>
        {
            var (difference, mirror) = (IndependentDifference.Of(a, 300, b, 300), IndependentDifference.Of(b, 300, a, 300));
            return difference.Interval.Contains(difference.Mean) && Math.Abs(difference.Interval.Low + mirror.Interval.High) < 1e-12 && difference.Interval.Low >= -1 && difference.PValue is >= 0 and <= 1;
        });
    }

    [Fact]
    public void One_seed_compares_as_the_questions_alone_do()
    {
        var random = new SeededRandom(5);
        var first = Enumerable.Range(0, 300).Select(_ => random.Chance(0.7)).ToList();
        var second = Enumerable.Range(0, 300).Select(_ => random.Chance(0.6)).ToList();
        var seeded = SeededComparison.Of([first], [second]);
        var plain = PairedBootstrap.Of(first, second);
        Assert.Equal(plain.Mean, seeded.Difference.Mean, 12);
        Assert.Equal(plain.Interval.Low, seeded.Difference.Interval.Low, 0.012);
        Assert.Equal(plain.Interval.High, seeded.Difference.Interval.High, 0.012);
        Assert.Null(seeded.OverSeeds.Interval);
    }

    [Fact]
    public void Repeating_a_seeds_answers_does_not_narrow_the_interval()
    {
        var random = new SeededRandom(6);
        var first = Enumerable.Range(0, 200).Select(_ => random.Chance(0.7)).ToList();
        var second = Enumerable.Range(0, 200).Select(_ => random.Chance(0.6)).ToList();
        var once = SeededComparison.Of([first], [second], resamples: 4000).Difference;
        var thrice = SeededComparison.Of([first, first, first], [second, second, second], resamples: 4000).Difference;
        Assert.Equal(once.Mean, thrice.Mean, 12);
        Assert.Equal(once.Interval.Width, thrice.Interval.Width, 0.02);
    }

    [Fact]
    public void Seeds_that_disagree_widen_the_interval()
    {
        bool[] all = [.. Enumerable.Repeat(true, 200)], none = new bool[200], half = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0)];
        var steady = SeededComparison.Of([half, half, half], [none, none, none], resamples: 2000);
        var shaky = SeededComparison.Of([all, half, none], [none, none, none], resamples: 2000);
        Assert.Equal(steady.Difference.Mean, shaky.Difference.Mean, 12);
        Assert.True(shaky.Difference.Interval.Width > 3 * steady.Difference.Interval.Width);
        Assert.Equal([1.0, 0.5, 0.0], shaky.PerSeed);
        Assert.True(shaky.Difference.PValue > 0.05 && steady.Difference.PValue < 0.01);
    }

    [Fact]
    public void Arms_with_other_questions_or_seeds_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SeededComparison.Of([new[] { true }], [new[] { true }, new[] { true }]));
        Assert.Throws<ArgumentException>(() => SeededComparison.Of([new[] { true }], [new[] { true, false }]));
    }
}
