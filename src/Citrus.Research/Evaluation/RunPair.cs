using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Evaluation;

/// <summary>Two runs on the questions that all compared runs share.</summary>
/// <param name="First">Name of the first run.</param>
/// <param name="Second">Name of the second run.</param>
/// <param name="Questions">Common questions.</param>
/// <param name="FirstAccuracy">Of the first, 0..1.</param>
/// <param name="SecondAccuracy">Of the second, 0..1.</param>
/// <param name="Difference">First minus second, with the interval of the paired bootstrap.</param>
/// <param name="McNemar">Questions that only one got right, and the exact test.</param>
/// <param name="Clusters">Independent units: clusters where the questions have any, else the questions.</param>
/// <param name="PValue">Exact McNemar; of the clustered bootstrap where there are clusters, for then the questions are not independent.</param>
/// <param name="HolmPValue">The same after Holm's correction over all pairs.</param>
/// <param name="Detectable">The smallest true difference that this many questions show with the wanted power, at the level that the strictest of the pairs must pass; null where the runs never differ.</param>
/// <param name="Samples">Mean accuracy of single samples, first minus second, questions as clusters; null where both runs have one sample a question.</param>
/// <param name="Agreement">Cohen's kappa of what the two chose, right or wrong; null where choices are not known, not a number where chance alone agrees always.</param>
/// <param name="SameProtocol">Whether both were asked and scored alike.</param>
public sealed record RunPair(
    string First, string Second, int Questions, double FirstAccuracy, double SecondAccuracy, Difference Difference, McNemar McNemar, int Clusters,
    double PValue, double HolmPValue, double? Detectable, Difference? Samples, double? Agreement, bool SameProtocol)
{
    /// <summary>Share of questions that exactly one got right.</summary>
    public double Discordant => (double)(McNemar.OnlyFirst + McNemar.OnlySecond) / Questions;
}
