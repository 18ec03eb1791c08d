using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>One accuracy of a model on a benchmark, published or measured.</summary>
/// <param name="Benchmark">The benchmark; one lane each.</param>
/// <param name="Model">The model; one colour and symbol each.</param>
/// <param name="Measured">Whether it was measured here rather than published.</param>
/// <param name="N">Questions; null where the source does not say, and then there is no interval.</param>
/// <param name="Accuracy">Fraction right.</param>
/// <param name="Low">Lower end of the interval; null without n.</param>
/// <param name="High">Upper end of the interval; null without n.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="Source">Where the number stands.</param>
public sealed record BenchmarkRow(string Benchmark, string Model, bool Measured, int? N, double Accuracy, double? Low, double? High, string Protocol, string Source)
{
    /// <summary>A published accuracy, with Wilson's interval where n is known.</summary>
    public static BenchmarkRow Of(BenchmarkScore score)
    {
        var accuracy = score.Percent / 100;
        return new BenchmarkRow(score.Benchmark, score.Model, false, score.N, accuracy, score.Rate is { } r ? Math.Min(accuracy, r.Interval.Low) : null,
            score.Rate is { } rate ? Math.Max(accuracy, rate.Interval.High) : null, score.Protocol, score.Source);
    }

    /// <summary>An accuracy measured here.</summary>
    public static BenchmarkRow Of(MeasuredScore score) =>
        new(score.Benchmark, score.Model, true, score.N, score.Rate().Fraction, score.Rate().Interval.Low, score.Rate().Interval.High, score.Protocol, score.Source);
}
