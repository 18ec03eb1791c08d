using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Figures;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="Name">Whose answers; one panel each.</param>
/// <param name="Bin">Confidences above this, 0 included.</param>
/// <param name="To">Up to this.</param>
/// <param name="N">Answers in the bin.</param>
/// <param name="Confidence">Their mean confidence; empty where there are none.</param>
/// <param name="Accuracy">Share of them that is right; empty where there are none.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval of the accuracy.</param>
/// <param name="High">Upper end.</param>
public sealed record CalibrationRow(string Name, double Bin, double To, int N, double? Confidence, double? Accuracy, double? Low, double? High)
{
    /// <summary>The bins of a calibration.</summary>
    public static IReadOnlyList<CalibrationRow> Of(string name, Calibration calibration) => [.. calibration.Bins.Select(b =>
    {
        var interval = b.N > 0 ? Wilson.Of((int)Math.Round(b.Accuracy * b.N), b.N) : default;
        return b.N > 0 ? new CalibrationRow(name, b.Low, b.High, b.N, b.Confidence, b.Accuracy, interval.Low, interval.High) : new CalibrationRow(name, b.Low, b.High, 0, null, null, null, null);
    })];
}
