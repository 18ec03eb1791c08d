using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Tests.Evaluation.Statistics;

/// <summary>Each test against another implementation; which one and which version stands in tests/fixtures/statistics.json under "made_with".</summary>
public sealed class AgainstReferenceTests
{
    [Fact]
    public void McNemars_exact_p_equals_statsmodels() =>
        Assert.All(Fixture.Rows("mcnemar"), r => Assert.Equal(r[2], McNemar.Of((int)r[0], (int)r[1]).PValue, 1e-9));

    [Fact]
    public void Holms_correction_equals_statsmodels() =>
        Assert.All(Holm.Adjust(Fixture.Row("holm", "p")).Zip(Fixture.Row("holm", "adjusted")), p => Assert.Equal(p.Second, p.First, 12));

    [Fact]
    public void The_clustered_error_equals_the_sandwich_of_statsmodels_without_small_sample_correction() =>
        Assert.Equal(Fixture.Number("clustered", "error"), StandardError.Clustered(Fixture.Row("clustered", "values"), Fixture.Words("clustered", "clusters")), 12);

    [Fact]
    public void The_plain_error_equals_SciPys() => Assert.Equal(Fixture.Number("clustered", "plain"), StandardError.Of(Fixture.Row("clustered", "values")), 12);

    [Fact]
    public void Kappa_equals_statsmodels() => Assert.Equal(Fixture.Number("kappa", "value"), CohenKappa.Of(Fixture.Words("kappa", "first"), Fixture.Words("kappa", "second")), 12);

    [Fact]
    public void The_line_equals_SciPys_regression()
    {
        var fit = LineFit.Of(Fixture.Row("line", "x"), Fixture.Row("line", "y"));
        Assert.Equal(Fixture.Number("line", "intercept"), fit.Intercept, 9);
        Assert.Equal(Fixture.Number("line", "slope"), fit.Slope, 9);
        Assert.Equal(Fixture.Number("line", "slope_error"), fit.SlopeError, 9);
        Assert.Equal(Fixture.Number("line", "r_squared"), fit.RSquared, 9);
    }

    [Fact]
    public void The_difference_of_independent_shares_equals_statsmodels_newcomb_interval() => Assert.All(Fixture.Rows("independent"), r =>
    {
        var difference = IndependentDifference.Of((int)r[0], (int)r[1], (int)r[2], (int)r[3]);
        Assert.Equal(r[4], difference.Interval.Low, 6);
        Assert.Equal(r[5], difference.Interval.High, 6);
        Assert.Equal(r[6], difference.PValue, 9);
    });

    /// <summary>Newcombe 1998 (Statistics in Medicine 17: 873-890), Table II, contrast 56/70 - 48/80, method 10: 0.0524 to 0.3339.</summary>
    [Fact]
    public void The_difference_of_independent_shares_equals_Newcombes_table()
    {
        var difference = IndependentDifference.Of(56, 70, 48, 80);
        Assert.Equal(0.2, difference.Mean, 12);
        Assert.Equal(0.0524, difference.Interval.Low, 4);
        Assert.Equal(0.3339, difference.Interval.High, 4);
    }

    /// <summary>statsmodels' NormalIndPower solves for the effect in standard deviations; the far tail that it adds is below 1e-6 at this power.</summary>
    [Fact]
    public void The_detectable_difference_equals_statsmodels_power_analysis() => Assert.All(Fixture.Rows("power"), r =>
        Assert.Equal(r[3] * Math.Sqrt(r[2] * (1 - r[2])), DetectableDifference.Unpaired((int)r[0], (int)r[1], r[2], power: r[4]), 5));

    /// <summary>SciPy's bootstrap (percentile, paired by differences) on the same answers; both are random, so they agree to the noise of 10,000 resamples.</summary>
    [Fact]
    public void The_paired_bootstrap_agrees_with_SciPys()
    {
        var difference = PairedBootstrap.Of(Fixture.Row("bootstrap", "first"), Fixture.Row("bootstrap", "second"));
        Assert.Equal(Fixture.Number("bootstrap", "low"), difference.Interval.Low, 0.006);
        Assert.Equal(Fixture.Number("bootstrap", "high"), difference.Interval.High, 0.006);
    }
}
