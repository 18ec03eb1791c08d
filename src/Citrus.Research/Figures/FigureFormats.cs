namespace Citrus.Research.Figures;

/// <summary>What a figure can be exported to beside its table and its Plotly JSON.</summary>
[Flags]
public enum FigureFormats
{
    /// <summary>Table, figure JSON and manifest only.</summary>
    None = 0,

    /// <summary>Vector picture; the same figure gives the same bytes on one machine.</summary>
    Svg = 1,

    /// <summary>Pixel picture, <see cref="StaticExport.PngScale"/> pixels per CSS pixel.</summary>
    Png = 2,

    /// <summary>One vector page as large as the figure, with its fonts.</summary>
    Pdf = 4,

    /// <summary>A self-contained page of about 3.6 MB; needs no browser to be made.</summary>
    Html = 8,

    /// <summary>What is committed: SVG and PNG.</summary>
    Pictures = Svg | Png,
}
