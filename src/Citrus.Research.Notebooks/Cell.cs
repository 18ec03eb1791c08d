using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks;

/// <summary>A cell of a notebook. Mutable: a run fills in <see cref="ExecutionCount"/> and <see cref="Outputs"/>.</summary>
public sealed class Cell(CellKind kind, string source)
{
    /// <summary>What the cell holds.</summary>
    public CellKind Kind { get; } = kind;

    /// <summary>The source, lines ended by <c>\n</c>.</summary>
    public string Source { get; } = source.ReplaceLineEndings("\n");

    /// <summary>Unique in its notebook: 1 to 64 letters, digits, <c>-</c> or <c>_</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>The language of a code cell in lower case, from the cell's metadata or its first directive; <c>csharp</c> where nothing is said.</summary>
    public string Language { get; init; } = "csharp";

    /// <summary>The cell's metadata as found in the file.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Attachments of a Markdown or raw cell, as found in the file.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>The number shown as <c>[n]</c>; null before the cell is executed.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>What executing the cell left behind, in order.</summary>
    public IReadOnlyList<CellOutput> Outputs { get; set; } = [];

    /// <summary>Tags such as <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags ? [.. tags.Select(t => t?.ToString() ?? "")] : [];

    /// <summary>The first line that says something, for progress displays and messages.</summary>
    public string Title => Source.Split('\n').Select(l => l.Trim())
        .Where(l => !l.StartsWith("#r ", StringComparison.Ordinal) && !l.StartsWith("#!", StringComparison.Ordinal) && !l.StartsWith("using ", StringComparison.Ordinal))
        .Select(l => l.TrimStart('/', '#').Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
}
