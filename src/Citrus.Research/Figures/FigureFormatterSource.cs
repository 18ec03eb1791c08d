using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>Found by the formatter through <see cref="Figure"/>'s attribute, so that a figure shows as a chart even where nobody registered anything.</summary>
internal sealed class FigureFormatterSource : ITypeFormatterSource
{
    /// <inheritdoc/>
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new PlainTextFormatter<Figure>(FigureFormatters.Text),
        new HtmlFormatter<Figure>((figure, context) => context.Writer.Write(FigureFormatters.Html(figure))),
        new PlotlyFormatter(),
    ];

    private sealed class PlotlyFormatter : ITypeFormatter
    {
        public string MimeType => FigureFormatters.PlotlyMimeType;

        public Type Type => typeof(Figure);

        public bool Format(object instance, FormatContext context)
        {
            context.Writer.Write(((Figure)instance).ToJson());
            return true;
        }
    }
}
