namespace Citrus.Research.Figures;

/// <summary>Accuracy by chain of training stages (SFT only, with CPT before, with preference after) and question kind.</summary>
public static class StagesFigure
{
    /// <summary>Draws the figure; the rules of <see cref="PathwayFigure.Draw"/> hold.</summary>
    public static Figure Draw(string title, IReadOnlyList<StageRow> rows, FigureText? text = null) => DotPanels.Draw(
        "stages", title, text ?? new FigureText(),
        [.. rows.Select(r => new PathwayRow("", r.Stage, r.Size, r.Parameters, r.Kind, r.Seed, r.N, r.Accuracy, r.Low, r.High, r.Ceiling, r.Chance))],
        FigureTable.Of(rows));
}
