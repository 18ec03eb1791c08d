using System.Buffers.Binary;
using System.IO.Compression;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class SmallPngTests
{
    [Theory]
    [InlineData("pathways")]
    [InlineData("stages")]
    public async Task A_drawn_picture_shrinks_and_keeps_every_pixel(string chart)
    {
        if (StaticExport.FindChromium() is null) Assert.Skip($"no Chromium found; set {StaticExport.Variable} to one");
        var picture = (await StaticExport.RenderAsync(FigureTests.Draw(chart), FigureFormats.Png, TestContext.Current.CancellationToken)).Png!;
        var first = SmallPng.Decode(picture)!.Value;
        Assert.Equal(2 * FigureTests.Draw(chart).Width, first.Width);
        var again = SmallPng.Decode(SmallPng.Pack(picture))!.Value;
        Assert.Equal(first.Rgba, again.Rgba);
        Assert.True(picture.Length < first.Rgba.Length / 10);
    }

    [Fact]
    public void A_picture_of_few_colours_gets_a_palette_and_one_of_many_keeps_them()
    {
        // Red, green, blue and white in turn; then a colour of its own for each pixel.
        foreach (var (count, type) in new[] { (4, 3), (20 * 30, 2) })
        {
            var rgba = Enumerable.Range(0, 20 * 30).SelectMany(i => (byte[])[(byte)(i % count), (byte)(i % count / 256 * 40), (byte)(i % count * 7), 255]).ToArray();
            var packed = SmallPng.Pack(Plain(20, 30, rgba));
            Assert.Equal(type, packed[25]);
            var (width, height, pixels) = SmallPng.Decode(packed)!.Value;
            Assert.Equal((20, 30), (width, height));
            Assert.Equal(rgba, pixels);
        }
    }

    [Fact]
    public void A_picture_that_shows_what_is_behind_it_is_left_alone()
    {
        var plain = Plain(2, 1, [1, 2, 3, 255, 4, 5, 6, 128]);
        Assert.Same(plain, SmallPng.Pack(plain));
    }

    [Fact]
    public void What_is_no_png_is_left_alone()
    {
        byte[] text = [1, 2, 3];
        Assert.Same(text, SmallPng.Pack(text));
        Assert.Null(SmallPng.Decode(text));
    }

    /// <summary>A picture with opacity, without filters and compression.</summary>
    private static byte[] Plain(int width, int height, byte[] rgba)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk("IHDR", [0, 0, 0, (byte)width, 0, 0, 0, (byte)height, 8, 6, 0, 0, 0]);
        using var data = new MemoryStream();
        using (var stream = new ZLibStream(data, CompressionLevel.NoCompression, leaveOpen: true))
            for (var y = 0; y < height; y++) stream.Write([0, .. rgba.AsSpan(y * width * 4, width * 4)]);
        Chunk("IDAT", data.ToArray());
        Chunk("IEND", []);
        return png.ToArray();

        void Chunk(string name, byte[] body)
        {
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
            png.Write([.. number, .. System.Text.Encoding.ASCII.GetBytes(name), .. body, 0, 0, 0, 0]);
        }
    }
}
