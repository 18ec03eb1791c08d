using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace Citrus.Research.Figures;

/// <summary>The one place that names Plotly.NET.</summary>
internal static class PlotlyDrawing
{
    /// <summary>Builds the chart that a specification <c>{"data": [trace…], "layout": …}</c> describes and returns Plotly.NET's figure JSON.</summary>
    public static string FigureJson(string specification)
    {
        var root = JObject.Parse(specification);
        var charts = root["data"]!.Select(t =>
        {
            var trace = new Trace((string)t["type"]!);
            foreach (var property in ((JObject)t).Properties().Where(p => p.Name != "type")) trace.SetProperty(property.Name, property.Value);
            return GenericChart.ofTraceObject(false, trace);
        });
        var layout = new Layout();
        foreach (var property in ((JObject)root["layout"]!).Properties()) layout.SetProperty(property.Name, property.Value);
        return GenericChart.toFigureJson(GenericChart.setLayout(layout, GenericChart.combine(charts)));
    }

    /// <summary>plotly.js from Plotly.NET's resources.</summary>
    public static string Script()
    {
        var assembly = typeof(Trace).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
