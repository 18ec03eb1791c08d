namespace Citrus.Research.Notebooks.Files;

/// <summary>Something that is not as it should be in a notebook.</summary>
/// <param name="Cell">The cell, counted from 1 from the top; 0 where it is no cell's.</param>
/// <param name="Message">What is wrong.</param>
public sealed record NotebookFinding(int Cell, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Cell == 0 ? Message : $"cell {Cell}: {Message}";
}
