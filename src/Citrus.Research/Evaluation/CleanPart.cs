using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Evaluation;

/// <summary>The accuracy on some of a benchmark's questions.</summary>
/// <param name="N">Questions.</param>
/// <param name="Accuracy">0..1.</param>
/// <param name="Interval">95%: Wilson's where each question was answered once, else 1.96 standard errors over the questions' means.</param>
public sealed record CleanPart(int N, double Accuracy, Interval Interval)
{
    internal static CleanPart? Of(IReadOnlyList<double> right, bool single)
    {
        if (right.Count == 0) return null;
        var mean = right.Average();
        if (single) return new CleanPart(right.Count, mean, Wilson.Of((int)Math.Round(right.Sum()), right.Count));
        var half = right.Count < 2 ? 1 : Quantile.Normal(0.95) * StandardError.Of(right);
        return new CleanPart(right.Count, mean, new Interval(Math.Max(0, mean - half), Math.Min(1, mean + half)));
    }
}
