namespace Citrus.Research.Notebooks;

/// <summary>The four output types of nbformat 4.</summary>
public enum OutputKind
{
    /// <summary>Text written to stdout or stderr.</summary>
    Stream,

    /// <summary>Something shown with <c>display</c>.</summary>
    Display,

    /// <summary>The value of a cell's last expression.</summary>
    Result,

    /// <summary>An exception, a compile error or a timeout.</summary>
    Error,
}
