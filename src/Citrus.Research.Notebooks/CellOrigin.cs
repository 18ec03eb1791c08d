namespace Citrus.Research.Notebooks;

/// <summary>Where a source comes from.</summary>
/// <param name="Name">The name under which its lines show in stack traces: a cell's, or a file's full path.</param>
/// <param name="Folder">The folder to which its paths are relative.</param>
/// <param name="Depth">How many imports lead to it.</param>
internal sealed record CellOrigin(string Name, string Folder, int Depth);
