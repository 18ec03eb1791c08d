namespace Citrus.Research.Notebooks.InCells;

/// <summary>Imported into every cell.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value below the cell; see <see cref="CellContext.display"/>.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) => CellSink.Required.Display(value, mimeTypes);
}
