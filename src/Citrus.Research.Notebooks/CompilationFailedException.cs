namespace Citrus.Research.Notebooks;

/// <summary>A cell does not compile.</summary>
internal sealed class CompilationFailedException(string message, int? line, IReadOnlyList<string> diagnostics) : Exception(message)
{
    /// <summary>The first error's line inside the cell, from 1.</summary>
    public int? Line { get; } = line;

    /// <summary>All errors, one entry each.</summary>
    public IReadOnlyList<string> Diagnostics { get; } = diagnostics;
}
