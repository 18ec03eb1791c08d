using Citrus.Research.Evaluation.Statistics;

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
}
