using System.Text.RegularExpressions;

namespace Citrus.Research.Notebooks;

/// <summary>plotly.js as some charting library carries it: whichever drew the figures is loaded by then.</summary>
internal static partial class EmbeddedPlotly
{
    /// <summary>The script's text, or null where no loaded assembly embeds one.</summary>
    public static string? Find()
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic).OrderBy(a => a.FullName, StringComparer.Ordinal))
        {
            var name = assembly.GetName().Name!.Contains("plotly", StringComparison.OrdinalIgnoreCase)
                ? assembly.GetManifestResourceNames().FirstOrDefault(n => Script().IsMatch(n))
                : null;
            if (name is null) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }

        return null;
    }

    [GeneratedRegex(@"plotly[-.\d]*(\.min)?\.js$")]
    private static partial Regex Script();
}
