using Citrus.Research.Evaluation;

namespace Citrus.Research.Figures;

/// <summary>One accuracy on one benchmark of a model of some size, published or measured.</summary>
/// <param name="Model">The model.</param>
/// <param name="Billions">Parameters in billions; null where not told.</param>
/// <param name="Group"><see cref="General"/>, <see cref="Medical"/> or <see cref="Measured"/>.</param>
/// <param name="N">Questions.</param>
/// <param name="Accuracy">Fraction right.</param>
/// <param name="Low">Lower end of the interval, a fraction.</param>
/// <param name="High">Upper end of the interval, a fraction.</param>
/// <param name="Checked">Whether a source that has the number was read.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="Source">Where the number stands.</param>
public sealed record SizeRow(string Model, double? Billions, string Group, int N, double Accuracy, double Low, double High, bool Checked, string Protocol, string Source)
{
    /// <summary>A published number of a general model.</summary>
    public const string General = "general";

    /// <summary>A published number of a model trained for medicine.</summary>
    public const string Medical = "medical";

    /// <summary>A number measured here.</summary>
    public const string Measured = "measured";

    /// <summary>Questions of MedQA's US test file.</summary>
    public const int MedQaTest = 1273;

    /// <summary>A published accuracy with Wilson's interval at <paramref name="n"/> questions.</summary>
    public static SizeRow Of(PublishedScore score, int n = MedQaTest)
    {
        var rate = new Rate((int)Math.Round(score.Percent / 100 * n), n);
        return new SizeRow(score.Model, score.Billions, PublishedRow.IsMedical(score.Model) ? Medical : General, n, score.Percent / 100, Math.Min(rate.Interval.Low, score.Percent / 100),
            Math.Max(rate.Interval.High, score.Percent / 100), score.Verified is SourceCheck.SourceRead or SourceCheck.SecondSource, score.Protocol, score.Source);
    }

    /// <summary>An accuracy measured here.</summary>
    public static SizeRow Of(MeasuredScore score) =>
        new(score.Model, score.Parameters / 1e9, Measured, score.N, score.Rate().Fraction, score.Rate().Interval.Low, score.Rate().Interval.High, true, score.Protocol, score.Source);
}
