namespace Citrus.Research.Figures;

/// <summary>A figure that can be drawn again from saved results, with no training.</summary>
/// <param name="Name">Its id, and the stem of its files.</param>
/// <param name="Folder">Where it is kept, from the results folder, with forward slashes.</param>
/// <param name="Shows">What it shows, in a few words.</param>
/// <param name="Counterpart">The paper's table or figure that asks the same; empty where it has none.</param>
/// <param name="Needs">Files of the results folder without which it cannot be drawn; what else it reads, its manifest tells.</param>
/// <param name="Seeds">Seeds of everything random behind the numbers.</param>
/// <param name="Draw">Draws it.</param>
public sealed record FigurePlan(
    string Name, string Folder, string Shows, string Counterpart, IReadOnlyList<string> Needs, Func<FigureSources, IEnumerable<ulong>> Seeds, Func<FigureSources, Figure> Draw);
