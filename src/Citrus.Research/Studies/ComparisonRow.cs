namespace Citrus.Research.Studies;

/// <summary>Two arms, paired on the same questions and seeds.</summary>
/// <param name="Difference">Mean letter accuracy of the first arm minus the second's, over seeds and questions.</param>
/// <param name="Low">95% interval by the pigeonhole bootstrap over seeds and questions.</param>
/// <param name="SeedLow">95% interval by Student's t over the seeds' own differences; empty with one seed.</param>
/// <param name="PValue">Two-sided, of the bootstrap.</param>
/// <param name="HolmPValue">Adjusted over all comparisons of the study.</param>
public sealed record ComparisonRow(
    string Budget, string Stage, string Size, string First, string Second, int Seeds, int Questions,
    double Difference, double Low, double High, double? SeedLow, double? SeedHigh, double PValue, double HolmPValue);
