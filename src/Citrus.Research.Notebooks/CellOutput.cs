namespace Citrus.Research.Notebooks;

/// <summary>One output of a cell. Which properties hold something depends on <see cref="Kind"/>.</summary>
public sealed record CellOutput(OutputKind Kind)
{
    /// <summary>Stream: <c>stdout</c> or <c>stderr</c>. Error: the exception's type name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Stream: what was written. Error: the message.</summary>
    public string Text { get; init; } = "";

    /// <summary>Error: the trace for people, one entry a line.</summary>
    public IReadOnlyList<string> Traceback { get; init; } = [];

    /// <summary>
    /// Display and result: one rendering per MIME type. JSON types (<c>application/json</c>, <c>…+json</c>) hold JSON text, raster images base64.
    /// </summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    /// <summary>The rendering for one MIME type, or null.</summary>
    public string? As(string mimeType) => Data.GetValueOrDefault(mimeType);
}
