namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Where a quantity lies with the stated confidence, in the quantity's own unit.</summary>
public readonly record struct Interval(double Low, double High)
{
    public double Width => High - Low;

    public bool Contains(double value) => value >= Low && value <= High;
}
