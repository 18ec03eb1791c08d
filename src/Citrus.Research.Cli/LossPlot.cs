using Citrus.Research.Figures;
using Citrus.Research.Training;

namespace Citrus.Research.Cli;

/// <summary>The curves of a run as a figure in its folder.</summary>
internal static class LossPlot
{
    /// <summary>Draws what the log says: loss, learning rate, dev accuracy where there is any.</summary>
    /// <returns>The files; none where there is too little to draw.</returns>
    public static IReadOnlyList<string> Draw(string folder, string title, long seed)
    {
        var log = TrainingRun.ReadLog(folder);
        CurvePoint Point(string panel, LogLine line, double value) => new(panel, "run", line.Tokens, value);
        List<CurvePoint> points =
        [
            .. log.Where(l => l.PreferenceAccuracy is null).Select(l => Point("training loss (nats per token)", l, l.Loss)),
            .. log.Where(l => l.PreferenceAccuracy is not null).Select(l => Point("preference loss", l, l.Loss)),
            .. log.Select(l => Point("learning rate", l, l.Rate)),
            .. log.Where(l => l.Score is not null).Select(l => Point("dev accuracy", l, l.Score!.Value)),
        ];
        points.RemoveAll(p => !double.IsFinite(p.Y));
        if (points.Count == 0) return [];
        var figure = TrainingCurveFigure.Draw(title, points, text: new FigureText("loss"));
        return FigureFiles.SaveAsync(figure, FigureManifest.Capture(figure, [(ulong)seed]), folder).GetAwaiter().GetResult().Paths;
    }
}
