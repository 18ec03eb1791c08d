using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks;

/// <summary>JSON as Jupyter lays it out.</summary>
internal static class NotebookJson
{
    /// <summary>One line, letters unescaped.</summary>
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true, IndentSize = 1, NewLine = "\n" };

    /// <summary>Whether a MIME type's data are JSON rather than text.</summary>
    public static bool IsJson(string mimeType) => mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>Indented by one space, lines ended by <c>\n</c>.</summary>
    public static string Text(JsonNode node) => node.ToJsonString(Indented);
}
