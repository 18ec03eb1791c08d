namespace Citrus.Research.Figures;

/// <summary>plotly.js as Plotly.NET carries it (2.28, MIT licence).</summary>
public static class PlotlyScript
{
    private static readonly Lazy<string> Source = new(PlotlyRoom.Script);

    /// <summary>The minified script, about 3.6 MB.</summary>
    public static string Text() => Source.Value;
}
