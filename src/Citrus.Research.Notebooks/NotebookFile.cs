using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks;

/// <summary>A notebook's file as JSON.</summary>
internal static class NotebookFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const long MaxBytes = 256L << 20;

    // Twice what anybody nests; a figure's layout has about ten levels.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128, AllowDuplicateProperties = false };

    /// <summary>Reads a file.</summary>
    /// <exception cref="NotebookFormatException">It is too large, not JSON, or no notebook.</exception>
    public static JsonObject Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
            throw new NotebookFormatException($"{Path.GetFileName(path)}: {file.Length >> 20} MB; notebooks up to {MaxBytes >> 20} MB are read. Clear its outputs in the editor that made it.");
        return Parse(file, Path.GetFileName(path));
    }

    /// <summary>Reads JSON text in UTF-8.</summary>
    /// <exception cref="NotebookFormatException">It is not JSON, or no notebook.</exception>
    public static JsonObject Parse(Stream stream, string name)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(stream, documentOptions: Options);
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"{name}: not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}): {e.Message}", e);
        }

        if (root is not JsonObject notebook || notebook["nbformat"] is null)
            throw new NotebookFormatException($"{name}: no Jupyter notebook: a JSON object with \"nbformat\": 4 is expected.");
        return notebook;
    }
}
