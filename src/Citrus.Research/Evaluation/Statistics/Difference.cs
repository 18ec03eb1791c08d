namespace Citrus.Research.Evaluation.Statistics;

/// <summary>First arm minus second.</summary>
/// <param name="Mean">In the unit of the values; for right and wrong a fraction.</param>
/// <param name="Interval">Where the true difference lies with the stated confidence.</param>
/// <param name="PValue">Two-sided, of no difference; never 0 where it comes from resampling.</param>
public sealed record Difference(double Mean, Interval Interval, double PValue);
