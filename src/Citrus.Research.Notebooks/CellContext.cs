using Microsoft.AspNetCore.Html;

namespace Citrus.Research.Notebooks;

/// <summary>What every cell can call by name. The lower- and upper-case names are those of .NET Interactive, so that notebooks run in either.</summary>
public sealed class CellContext
{
    internal CellContext()
    {
    }

#pragma warning disable IDE1006, CA1822 // the names that notebooks use; instance members are what a script sees
    /// <summary>
    /// Cancelled when the cell is told to stop (interrupt, timeout); pass it to what you await, so that it ends at once and in order. An extra of this host: a notebook
    /// that is to run elsewhere too does without; a cell that ignores it is stopped all the same.
    /// </summary>
    public CancellationToken Cancellation => CellSink.Current?.Stop ?? CancellationToken.None;

    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Anything; formatted by Microsoft.DotNet.Interactive.Formatting.</param>
    /// <param name="mimeTypes">The renderings wanted; none means those that its type prefers, and <c>text/plain</c>.</param>
    /// <returns>A handle that can replace what is shown.</returns>
    public DisplayedValue display(object? value, params string[] mimeTypes) => CellSink.Required.Display(value, mimeTypes);

    /// <summary>Text taken as HTML.</summary>
    public IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Takes back what this cell has written and shown so far. An extra of this host.</summary>
    /// <param name="wait">Only when the next output comes, so that the page does not flicker.</param>
    public void ClearOutput(bool wait = false) => CellSink.Required.Clear(wait);
#pragma warning restore IDE1006, CA1822
}
