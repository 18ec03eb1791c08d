using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Files;

/// <summary>Whether a notebook is fit to be committed, or an executed copy whole and valid.</summary>
public static class NotebookCheck
{
    /// <summary>A notebook as it is committed: valid by nbformat 4.5, without outputs, execution counts and what editors and runs leave in its metadata.</summary>
    /// <exception cref="NotebookFormatException">The file is no notebook.</exception>
    public static IReadOnlyList<NotebookFinding> Committed(string path) => Of(path, static notebook => Leftovers(notebook));

    /// <summary>An executed copy: valid by nbformat 4.5, its cells counted 1 to n from top to bottom.</summary>
    /// <exception cref="NotebookFormatException">The file is no notebook.</exception>
    public static IReadOnlyList<NotebookFinding> Executed(string path) => Of(path, static notebook => Counts(notebook));

    private static List<NotebookFinding> Of(string path, Func<JsonObject, IEnumerable<NotebookFinding>> more)
    {
        try
        {
            var notebook = NotebookFile.Read(path);
            return [.. NotebookSchema.Check(notebook).Concat(more(notebook)).OrderBy(f => f.Cell)];
        }
        catch (InvalidOperationException e)
        {
            throw new NotebookFormatException($"{Path.GetFileName(path)}: a text in it is no valid UTF-8 or holds half a character: {e.Message}", e);
        }
    }

    private static IEnumerable<NotebookFinding> Leftovers(JsonObject notebook)
    {
        foreach (var name in NotebookLeftovers.OfNotebook.Where(n => notebook["metadata"] is JsonObject m && m.ContainsKey(n))) yield return new(0, $"metadata.{name} is left over from a run");
        foreach (var (cell, number) in Cells(notebook))
        {
            if (cell["outputs"] is JsonArray { Count: > 0 } outputs) yield return new(number, $"has {Count(outputs.Count, "output")}");
            if (cell["execution_count"] is not null) yield return new(number, $"has execution count {cell["execution_count"]!.ToJsonString()}");
            if (cell["metadata"] is not JsonObject metadata) continue;
            foreach (var name in NotebookLeftovers.OfCell.Where(metadata.ContainsKey)) yield return new(number, $"metadata.{name} is left over from a run");
            if (NotebookLeftovers.IsInjected(cell)) yield return new(number, "was put in by a run with parameters");
        }
    }

    private static IEnumerable<NotebookFinding> Counts(JsonObject notebook)
    {
        var expected = 0;
        foreach (var (cell, number) in Cells(notebook))
        {
            if (cell["cell_type"]?.ToString() != "code") continue;
            var source = cell["source"] is JsonArray lines ? string.Concat(lines.Select(l => l?.ToString())) : cell["source"]?.ToString() ?? "";
            if (string.IsNullOrWhiteSpace(source)) continue;
            expected++;
            var found = cell["execution_count"]?.ToJsonString() ?? "none";
            if (found != expected.ToString(System.Globalization.CultureInfo.InvariantCulture)) yield return new(number, $"execution count {found}, where {expected} is expected: not run from top to bottom");
        }
    }

    private static IEnumerable<(JsonObject Cell, int Number)> Cells(JsonObject notebook) =>
        (notebook["cells"] as JsonArray ?? []).Select((c, i) => (Cell: c as JsonObject, Number: i + 1)).Where(c => c.Cell is not null).Select(c => (c.Cell!, c.Number));

    private static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
