using Microsoft.AspNetCore.Html;

namespace Citrus.Research.Notebooks;

/// <summary>What every cell can call by name. The lower- and upper-case names are those of .NET Interactive, so that notebooks run in either.</summary>
public sealed class CellContext
{
    internal CellContext()
    {
    }

    /// <summary>Shows a value below the cell.</summary>
    /// <param name="value">Anything; formatted by Microsoft.DotNet.Interactive.Formatting.</param>
    /// <param name="mimeTypes">The renderings wanted; none means those that its type prefers, and <c>text/plain</c>.</param>
    /// <returns>A handle that can replace what is shown.</returns>
#pragma warning disable IDE1006, CA1822 // the names that notebooks use; instance members are what a script sees
    public DisplayedValue display(object? value, params string[] mimeTypes) => CellSink.Required.Display(value, mimeTypes);

    /// <summary>Text taken as HTML.</summary>
    public IHtmlContent HTML(string content) => new HtmlString(content);
#pragma warning restore IDE1006, CA1822
}
