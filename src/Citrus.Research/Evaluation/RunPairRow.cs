namespace Citrus.Research.Evaluation;

/// <summary>A line of the table of pairs, for CSV. Shares and differences are fractions.</summary>
public sealed record RunPairRow(
    string First, string Second, int Questions, double FirstAccuracy, double SecondAccuracy, double Difference, double Low, double High,
    int OnlyFirst, int OnlySecond, int Clusters, double PValue, double HolmPValue, double? Detectable, double? SampleDifference, double? SampleLow, double? SampleHigh, double? Agreement, bool SameProtocol)
{
    /// <summary>The line of a pair.</summary>
    public static RunPairRow Of(RunPair p) => new(
        p.First, p.Second, p.Questions, p.FirstAccuracy, p.SecondAccuracy, p.Difference.Mean, p.Difference.Interval.Low, p.Difference.Interval.High,
        p.McNemar.OnlyFirst, p.McNemar.OnlySecond, p.Clusters, p.PValue, p.HolmPValue, p.Detectable, p.Samples?.Mean, p.Samples?.Interval.Low, p.Samples?.Interval.High, p.Agreement is { } kappa && double.IsFinite(kappa) ? kappa : null, p.SameProtocol);
}
