namespace Citrus.Research.Figures;

/// <summary>Accuracy by pathway, question kind, student size and budget.</summary>
public static class PathwayFigure
{
    /// <summary>Draws the figure. Arms, kinds and budgets stand in the order in which they first appear; <c>overall</c> comes first.</summary>
    /// <param name="title">The finding in a sentence.</param>
    /// <param name="rows">
    /// One row per point. Several seeds need a row with <see cref="PathwayRow.Seed"/> null that pools them; single seeds show as small dots behind it.
    /// </param>
    /// <param name="text">Words for the caption.</param>
    /// <exception cref="ArgumentException">No rows, rows that stand twice, several seeds without a pooled row, or an interval that does not hold its point.</exception>
    public static Figure Draw(string title, IReadOnlyList<PathwayRow> rows, FigureText? text = null) =>
        DotPanels.Draw("pathways", title, text ?? new FigureText(), rows, FigureTable.Of(rows));
}
