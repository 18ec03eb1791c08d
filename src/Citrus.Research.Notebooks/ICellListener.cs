namespace Citrus.Research.Notebooks;

/// <summary>
/// Hears what a cell writes and shows while it runs. Called in the order of the outputs, one call at a time, on the cell's threads: it must be quick and must not throw.
/// What is beyond the sink's limits does not come here.
/// </summary>
internal interface ICellListener
{
    /// <summary>Console text.</summary>
    /// <param name="name"><c>stdout</c> or <c>stderr</c>.</param>
    /// <param name="text">What was written; line ends as the cell wrote them.</param>
    void Stream(string name, ReadOnlySpan<char> text);

    /// <summary>A shown value, the value of the last expression, or an error.</summary>
    /// <param name="output">The output; never a stream.</param>
    /// <param name="displayId">By which the output can be replaced; null where it cannot.</param>
    void Show(CellOutput output, string? displayId);

    /// <summary>A shown value, perhaps of an earlier cell, is replaced.</summary>
    void Update(string displayId, IReadOnlyDictionary<string, string> data);

    /// <summary>The cell's outputs so far are taken back.</summary>
    /// <param name="wait">Only when the next output comes, so that the page does not flicker.</param>
    void Clear(bool wait);
}
