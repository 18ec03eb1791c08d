using Microsoft.DotNet.Interactive.Formatting;

namespace Citrus.Research.Figures;

/// <summary>Found by the formatter through <see cref="FigureTable"/>'s attribute.</summary>
internal sealed class FigureTableFormatterSource : ITypeFormatterSource
{
    /// <inheritdoc/>
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new PlainTextFormatter<FigureTable>(t => t.ToCsv()),
        new HtmlFormatter<FigureTable>((table, context) => context.Writer.Write(FigureFormatters.TableHtml(table))),
    ];
}
