using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks;

/// <summary>What <c>#!import</c> runs: a C# file, or the C# cells of a notebook.</summary>
internal static partial class ImportedFile
{
    private const int MaxDepth = 16;

    /// <summary>The file's sources in order.</summary>
    /// <param name="path">The file, relative to where it is named.</param>
    /// <param name="from">Where it is named.</param>
    /// <exception cref="IOException">It is not there, too large, or of a kind that is not run; or files import each other without end.</exception>
    /// <exception cref="NotebookFormatException">It is a notebook that cannot be read.</exception>
    public static IReadOnlyList<(string Source, CellOrigin Origin)> Read(string path, CellOrigin from)
    {
        var full = Path.GetFullPath(path.Replace('\\', '/'), from.Folder);
        if (from.Depth >= MaxDepth) throw new IOException($"{full}: {MaxDepth} imports inside each other; do files import themselves?");
        var here = new CellOrigin(full, Path.GetDirectoryName(full)!, from.Depth + 1);
        switch (Path.GetExtension(full).ToLowerInvariant())
        {
            case ".cs" or ".csx":
                return [(CellSources.Read(full), here)];
            case ".dib":
                // The first lines tell .NET Interactive about its kernels.
                return [(Meta().Replace(CellSources.Read(full), m => new string('\n', m.Value.Count(c => c == '\n'))), here)];
            case ".ipynb":
                var notebook = Notebook.Read(full);
                notebook.RequireCSharp();
                return [.. notebook.Cells.Select((c, i) => (Cell: c, Number: i + 1)).Where(c => c.Cell.Kind == CellKind.Code && !string.IsNullOrWhiteSpace(c.Cell.Source))
                    .Select(c => (c.Cell.Source, here with { Name = $"{full}#{c.Number}" }))];
            default:
                throw new IOException($"{full}: .cs, .csx, .dib and .ipynb can be imported.");
        }
    }

    [GeneratedRegex(@"^#!meta[^\n]*\n(?:(?!#!)[^\n]*(?:\n|$))*", RegexOptions.Multiline)]
    private static partial Regex Meta();
}
