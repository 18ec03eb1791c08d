namespace Citrus.Research.Notebooks;

/// <summary>A directive line that cannot be obeyed.</summary>
internal sealed class DirectiveException(string message, int line, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The line inside the cell, from 1.</summary>
    public int Line { get; } = line;
}
