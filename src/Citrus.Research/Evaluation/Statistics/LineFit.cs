namespace Citrus.Research.Evaluation.Statistics;

/// <summary>A straight line through points by least squares.</summary>
/// <param name="Intercept">The line at x = 0.</param>
/// <param name="Slope">Per unit of x.</param>
/// <param name="SlopeError">Standard error of the slope; not a number for two points.</param>
/// <param name="RSquared">Share of the variance that the line takes up; 1 where all y are equal.</param>
/// <param name="Residuals">Point minus line, in the order of the points.</param>
public sealed record LineFit(double Intercept, double Slope, double SlopeError, double RSquared, IReadOnlyList<double> Residuals)
{
    /// <summary>Typical distance of a point from the line (n - 2 in the variance).</summary>
    public double Spread => Math.Sqrt(Residuals.Sum(r => r * r) / (Residuals.Count - 2.0));

    /// <summary>The line at <paramref name="x"/>.</summary>
    public double At(double x) => Intercept + (Slope * x);

    /// <param name="x">At least two different values.</param>
    /// <param name="y">As many.</param>
    public static LineFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"There are {x.Count} x and {y.Count} y; a point needs both.", nameof(y));
        if (x.Distinct().Count() < 2) throw new ArgumentException("A line needs points at two different x.", nameof(x));
        var (mx, my) = (x.Average(), y.Average());
        var sxy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        var sxx = x.Sum(a => (a - mx) * (a - mx));
        var syy = y.Sum(b => (b - my) * (b - my));
        var slope = sxy / sxx;
        var intercept = my - (slope * mx);
        double[] residuals = [.. x.Zip(y, (a, b) => b - (intercept + (slope * a)))];
        return new LineFit(intercept, slope, Math.Sqrt(residuals.Sum(r => r * r) / (x.Count - 2.0) / sxx), syy == 0 ? 1 : sxy * sxy / (sxx * syy), residuals);
    }
}
