namespace Citrus.Research.Notebooks;

/// <summary>What a <see cref="CellPart"/> holds.</summary>
internal enum CellPartKind
{
    /// <summary>C# source.</summary>
    Code,

    /// <summary>Markdown to show.</summary>
    Markdown,

    /// <summary>A file to run at this place.</summary>
    Import,
}
