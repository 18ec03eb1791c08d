using System.Reflection;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks.Formatting;

/// <summary>Charts as plotly.js takes them: of any type that has a formatter for them, or of Plotly.NET, which is known by its shape alone.</summary>
internal static class PlotlyChart
{
    /// <summary>The MIME type under which Jupyter and VS Code draw charts.</summary>
    public const string MimeType = "application/vnd.plotly.v1+json";

    /// <summary>Whether a type is a chart of Plotly.NET that says nothing of the MIME type itself.</summary>
    public static bool IsPlotlyNet(Type type) => ToFigureJson(type) is not null && !FormatterChoice.HasFormatter(type, MimeType);

    /// <summary>The chart, <c>{"data": …, "layout": …}</c>; null where the value is none.</summary>
    public static string? JsonOf(object value)
    {
        var type = value.GetType();
        if (FormatterChoice.HasFormatter(type, MimeType)) return value.ToDisplayString(MimeType);
        return (string?)ToFigureJson(type)?.Invoke(null, [value]);
    }

    private static MethodInfo? ToFigureJson(Type type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.FullName == "Plotly.NET.GenericChart")
                return t.GetMethods(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(m => m.Name == "toFigureJson" && m.ReturnType == typeof(string) && m.GetParameters().Length == 1);
        return null;
    }
}
