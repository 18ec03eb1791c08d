using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>A chart with its words and the table it was drawn from. Immutable.</summary>
[TypeFormatterSource(typeof(FigureFormatterSource), PreferredMimeTypes = [FigureFormatters.PlotlyMimeType, "text/html"])]
public sealed class Figure
{
    private readonly string json;

    internal Figure(string id, string title, string caption, int width, int height, IReadOnlyList<FigureTable> tables, string json)
    {
        if (id.Length == 0 || !id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new ArgumentException($"A figure's id becomes a file name; \"{id}\" should be small letters, digits and hyphens.", nameof(id));
        (Id, Title, Caption, Width, Height, Tables, this.json) = (id, title, caption, width, height, tables, json);
    }

    /// <summary>The stem of its files.</summary>
    public string Id { get; }

    /// <summary>The finding in a sentence.</summary>
    public string Title { get; }

    /// <summary>What is drawn: n, intervals, lines. It stands below the chart, too.</summary>
    public string Caption { get; }

    /// <summary>Width in CSS pixels.</summary>
    public int Width { get; }

    /// <summary>Height in CSS pixels.</summary>
    public int Height { get; }

    /// <summary>The rows behind the chart, the main table first.</summary>
    public IReadOnlyList<FigureTable> Tables { get; }

    /// <summary>The main table.</summary>
    public FigureTable Table => Tables[0];

    /// <summary>The Plotly figure, <c>{"data": …, "layout": …}</c>. The same rows give the same bytes.</summary>
    public string ToJson() => json;

    /// <summary>A self-contained page of about 3.6 MB that needs no network.</summary>
    public string Html() => FigureHtml.Page(this);

    /// <summary>The figure as SVG, drawn by a Chromium that is there already; see <see cref="StaticExport"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it did not draw; the message says how to mend it.</exception>
    public async Task<string> ToSvgAsync(CancellationToken cancellationToken = default)
    {
        var picture = await StaticExport.RenderAsync(this, FigureFormats.Svg, cancellationToken).ConfigureAwait(false);
        return picture.Svg ?? throw new InvalidOperationException(picture.Note);
    }

    /// <summary>The figure as PNG, two pixels per CSS pixel, drawn by a Chromium that is there already; see <see cref="StaticExport"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it did not draw; the message says how to mend it.</exception>
    public async Task<byte[]> ToPngAsync(CancellationToken cancellationToken = default)
    {
        var picture = await StaticExport.RenderAsync(this, FigureFormats.Png, cancellationToken).ConfigureAwait(false);
        return picture.Png ?? throw new InvalidOperationException(picture.Note);
    }
}
