using Citrus.Research.Evaluation.Statistics;
using CsCheck;

namespace Citrus.Research.Tests.Evaluation.Statistics;

public sealed class CohenKappaTests
{
    /// <summary>By hand: of 50, observed agreement 35/50 = 0.7, by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5, so (0.7 - 0.5) / (1 - 0.5) = 0.4.</summary>
    [Fact]
    public void It_is_agreement_beyond_chance() => Assert.Equal(0.4, CohenKappa.Of(20, 5, 10, 15), 12);

    [Theory]
    [InlineData(7, 0, 0, 3, 1)]
    [InlineData(0, 5, 5, 0, -1)]
    [InlineData(25, 25, 25, 25, 0)]
    public void Its_ends_are_known(int both, int first, int second, int neither, double kappa) => Assert.Equal(kappa, CohenKappa.Of(both, first, second, neither), 12);

    [Fact]
    public void It_does_not_exist_where_chance_alone_agrees_always()
    {
        Assert.True(double.IsNaN(CohenKappa.Of(10, 0, 0, 0)));
        Assert.True(double.IsNaN(CohenKappa.Of(0, 0, 0, 0)));
    }

    /// <summary>Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), Table 18.1: two raters sort 100 patients; kappa is 0.676.</summary>
    [Fact]
    public void Several_categories_give_the_published_example()
    {
        (string First, string Second, int Count)[] table =
            [("psychotic", "psychotic", 75), ("psychotic", "neurotic", 1), ("psychotic", "organic", 4), ("neurotic", "psychotic", 5), ("neurotic", "neurotic", 4), ("neurotic", "organic", 1), ("organic", "organic", 10)];
        var pairs = table.SelectMany(t => Enumerable.Repeat((t.First, t.Second), t.Count)).ToList();
        Assert.Equal(0.676, CohenKappa.Of([.. pairs.Select(p => p.First)], [.. pairs.Select(p => p.Second)]), 3);
    }

    [Fact]
    public void Two_categories_give_the_same_by_table_and_by_list_in_either_order()
    {
        Gen.Select(Gen.Bool, Gen.Bool).Array[1, 60].Sample(pairs =>
        {
            var (first, second) = (pairs.Select(p => p.Item1 ? "yes" : "no").ToList(), pairs.Select(p => p.Item2 ? "yes" : "no").ToList());
            var table = CohenKappa.Of(pairs.Count(p => p is (true, true)), pairs.Count(p => p is (true, false)), pairs.Count(p => p is (false, true)), pairs.Count(p => p is (false, false)));
            var list = CohenKappa.Of(first, second);
            return (double.IsNaN(table) && double.IsNaN(list)) || (Math.Abs(table - list) < 1e-12 && Math.Abs(list - CohenKappa.Of(second, first)) < 1e-12);
        });
    }
}
