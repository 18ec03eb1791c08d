namespace Citrus.Research.Studies;

/// <summary>Two arms, paired on the same questions and seeds.</summary>
/// <param name="Group">Which questions: <c>overall</c>, a kind, <c>seen</c> or <c>unseen</c> (see <see cref="ScoreGroup"/>).</param>
/// <param name="Difference">Mean letter accuracy of the first arm minus the second's, over seeds and questions.</param>
/// <param name="Low">95% interval by the pigeonhole bootstrap over seeds and questions.</param>
/// <param name="SeedLow">95% interval by Student's t over the seeds' own differences; empty with one seed.</param>
/// <param name="PValue">Two-sided, of the bootstrap. With a few seeds of one sign it cannot be large: it speaks of these seeds.</param>
/// <param name="HolmPValue">Adjusted over all comparisons of the study on the same group.</param>
/// <param name="SeedPValue">Two-sided, of Student's t over the seeds' own differences: it speaks of other seeds. Empty with one seed.</param>
/// <param name="SeedHolmPValue">The same, adjusted.</param>
public sealed record ComparisonRow(
    string Budget, string Stage, string Size, string Group, string First, string Second, int Seeds, int Questions,
    double Difference, double Low, double High, double? SeedLow, double? SeedHigh, double PValue, double HolmPValue, double? SeedPValue, double? SeedHolmPValue);
