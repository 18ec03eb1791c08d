using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Evaluation;

/// <summary>How many of how many.</summary>
public readonly record struct Rate(int Count, int N)
{
    /// <summary>0..1; not a number where there is nothing to count.</summary>
    public double Fraction => N == 0 ? double.NaN : (double)Count / N;

    /// <summary>Wilson's 95% interval; 0..1 where there is nothing to count.</summary>
    public Interval Interval => N == 0 ? new Interval(0, 1) : Wilson.Of(Count, N);
}
