using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class PrintedPageTests
{
    [Theory]
    [InlineData("pathways")]
    [InlineData("training")]
    public async Task A_figure_becomes_one_vector_page_of_its_own_size_with_its_fonts_and_the_same_bytes_every_time(string chart)
    {
        if (StaticExport.FindChromium() is null) Assert.Skip($"no Chromium found; set {StaticExport.Variable} to one");
        var figure = FigureTests.Draw(chart);
        var picture = await StaticExport.RenderAsync(figure, FigureFormats.Pdf, TestContext.Current.CancellationToken);
        Assert.Null(picture.Note);
        Assert.Null(picture.Svg);
        var text = Encoding.Latin1.GetString(picture.Pdf!);
        var boxes = Regex.Matches(text, @"/MediaBox \[([0-9. ]+)\]");
        var size = Assert.Single(boxes).Groups[1].Value.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        // A CSS pixel is three quarters of a point (CSS Values 3, section 6.2); the browser rounds to its own grid.
        Assert.Equal(figure.Width * 0.75, size[2], 0.5);
        Assert.Equal(figure.Height * 0.75, size[3], 0.5);
        Assert.Contains("/FontFile2", text);
        Assert.DoesNotContain("/Subtype /Image", text);
        Assert.Equal(picture.Pdf, (await StaticExport.RenderAsync(figure, FigureFormats.Pdf, TestContext.Current.CancellationToken)).Pdf);
    }

    [Fact]
    public void Times_are_set_in_place_and_nothing_else_is_touched()
    {
        var before = "%PDF /CreationDate (D:20261125140000+00'00') x /ModDate (D:20261125140000+00'00') y /CreationDate"u8.ToArray();
        Assert.Equal("%PDF /CreationDate (D:20000101000000+00'00') x /ModDate (D:20000101000000+00'00') y /CreationDate", Encoding.ASCII.GetString(PrintedPage.WithoutTime(before)));
    }
}
