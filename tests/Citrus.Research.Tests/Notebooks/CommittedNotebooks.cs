using Citrus.Research.Notebooks;

namespace Citrus.Research.Tests.Notebooks;

/// <summary>The notebooks of the checkout.</summary>
internal static class CommittedNotebooks
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "notebooks");

    public static IReadOnlyList<string> Names { get; } =
        ["00-tour", "01-questions", "02-synthesis", "03-training", "04-evaluation", "05-pathway-ablation", "06-model-scaling", "07-stages-and-data"];

    public static string PathOf(string name) => Path.Combine(Folder, name + ".ipynb");

    public static Notebook Read(string name) => Notebook.Read(PathOf(name));

    /// <summary>Its code cells from top to bottom.</summary>
    public static IReadOnlyList<Cell> Code(string name) => [.. Read(name).Cells.Where(c => c.Kind == CellKind.Code)];

    /// <summary>The tags of a cell.</summary>
    public static IReadOnlyList<string> Tags(Cell cell) => cell.Metadata["tags"] is System.Text.Json.Nodes.JsonArray tags ? [.. tags.Select(t => t!.ToString())] : [];
}
