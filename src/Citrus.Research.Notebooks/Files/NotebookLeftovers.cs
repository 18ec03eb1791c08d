using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Files;

/// <summary>What runs and editors leave in a notebook's metadata, and no reader misses.</summary>
internal static class NotebookLeftovers
{
    /// <summary>Names in the notebook's metadata.</summary>
    public static readonly string[] OfNotebook = ["papermill", "widgets", "signature", "execution", "toc-autonumbering", "varInspector"];

    /// <summary>Names in a cell's metadata.</summary>
    public static readonly string[] OfCell = ["execution", "papermill", "ExecuteTime", "collapsed", "scrolled", "execution_time"];

    /// <summary>Whether a run with parameters put the cell in.</summary>
    public static bool IsInjected(JsonObject cell) =>
        cell["metadata"] is JsonObject metadata && metadata["tags"] is JsonArray tags && tags.Any(t => t?.ToString() == ParameterCell.Injected);
}
