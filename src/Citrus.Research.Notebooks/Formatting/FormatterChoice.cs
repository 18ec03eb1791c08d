using System.Collections;
using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Notebooks.Formatting;

/// <summary>Which formatter a type gets.</summary>
internal static class FormatterChoice
{
    /// <summary>Whether anything formats the type as a MIME type.</summary>
    public static bool HasFormatter(Type type, string mimeType)
    {
        try
        {
            return Formatter.GetPreferredFormatterFor(type, mimeType) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether a type is formatted by what fits everything: nobody has said how it is to look.</summary>
    public static bool IsAnybodys(Type type, string mimeType)
    {
        try
        {
            var chosen = Formatter.GetPreferredFormatterFor(type, mimeType).Type;
            return chosen == typeof(object) || chosen == typeof(IEnumerable) || (chosen.IsGenericType && chosen.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
