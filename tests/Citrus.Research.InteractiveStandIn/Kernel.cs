using Microsoft.AspNetCore.Html;

/// <summary>The helpers that its cells call by name: the static members of .NET Interactive's type of this name, by its signatures.</summary>
public static class Kernel
{
#pragma warning disable IDE1006 // its names
    /// <summary>Shows a value.</summary>
    public static DisplayedValue display(object? value, params string[] mimeTypes)
    {
        Shown.Write("display", value, mimeTypes);
        return new DisplayedValue();
    }

    /// <summary>Text taken as HTML.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Styles for the page.</summary>
    public static void CSS(string content) => Shown.Write("css", content);

    /// <summary>A script for the page.</summary>
    public static void Javascript(string scriptContent) => Shown.Write("javascript", scriptContent);
#pragma warning restore IDE1006
}
