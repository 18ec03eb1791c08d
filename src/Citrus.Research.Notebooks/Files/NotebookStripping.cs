using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Files;

/// <summary>Takes out of a notebook what a run left in it, and lays it out as Jupyter would: the same sources give the same bytes.</summary>
public static class NotebookStripping
{
    /// <summary>Strips a file in place; nothing is written where nothing changes.</summary>
    /// <returns>What was changed, in words; empty where it was clean.</returns>
    /// <exception cref="NotebookFormatException">The file is no notebook of format 4.</exception>
    public static IReadOnlyList<string> Strip(string path)
    {
        var json = NotebookFile.Read(path);
        var notebook = Notebook.Of(json, Path.GetFileName(path), withOutputs: false);
        var changes = new List<string>();
        var outputs = (json["cells"] as JsonArray ?? []).Sum(c => (c?["outputs"] as JsonArray)?.Count ?? 0);
        Note(outputs, "output");
        Note(notebook.Cells.Count(c => c.Kind == CellKind.Code && c.ExecutionCount is not null), "execution count");
        Note(notebook.Cells.RemoveAll(c => c.Tags.Contains(ParameterCell.Injected)), "cell of injected parameters", "cells of injected parameters");

        var removed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in NotebookLeftovers.OfNotebook)
            if (notebook.Metadata.Remove(name)) removed.Add(name);
        foreach (var cell in notebook.Cells)
        {
            (cell.ExecutionCount, cell.Outputs) = (null, []);
            foreach (var name in NotebookLeftovers.OfCell)
                if (cell.Metadata.Remove(name)) removed.Add(name);
        }

        if (removed.Count > 0) changes.Add("metadata " + string.Join(", ", removed));
        if (IdsMissing(json)) changes.Add("ids given");
        var text = notebook.ToJson();
        if (changes.Count == 0 && text == File.ReadAllText(path)) return [];
        if (changes.Count == 0) changes.Add("layout");
        notebook.Save(path);
        return changes;

        void Note(int count, string one, string? many = null)
        {
            if (count > 0) changes.Add(FormattableString.Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}"));
        }
    }

    private static bool IdsMissing(JsonObject json) => NotebookSchema.Check(json).Any(f => f.Cell > 0 && (f.Message.StartsWith("id ", StringComparison.Ordinal) || f.Message.EndsWith("\"id\"", StringComparison.Ordinal)));
}
