using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Citrus.Research.Figures;

/// <summary>
/// Packs a browser's picture again, pixel for pixel: without the opacity that nothing uses, with a palette where the colours allow it, and compressed as well as deflate can.
/// A figure's PNG shrinks by about a third (PNG: W3C recommendation, third edition, sections 9 and 11).
/// </summary>
internal static class SmallPng
{
    private const int MostPixels = 100_000_000;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The smaller picture; the same bytes where it is not one that this knows, or does not shrink.</summary>
    public static byte[] Pack(byte[] png)
    {
        if (Opened(png) is not { } picture) return png;
        var (width, height, rgba) = picture;
        for (var i = 3; i < rgba.Length; i += 4)
            if (rgba[i] != 255) return png;
        var colors = new Dictionary<int, byte>();
        for (var i = 0; i < rgba.Length && colors.Count <= 256; i += 4) colors.TryAdd(Color(rgba, i), (byte)Math.Min(255, colors.Count));
        var packed = colors.Count <= 256 ? Indexed(width, height, rgba, colors) : Write(width, height, 2, null, Filtered(width, height, rgba));
        return packed.Length < png.Length ? packed : png;
    }

    private static (int Width, int Height, byte[] Rgba)? Opened(byte[] png)
    {
        try
        {
            return Decode(png);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return null; // whatever the browser meant, it is not for us to mend
        }
    }

    /// <summary>Width, height and pixels (red, green, blue, opacity) of a picture with 8 bits a channel, not interlaced; null for others and for what is no PNG.</summary>
    internal static (int Width, int Height, byte[] Rgba)? Decode(byte[] png)
    {
        if (!png.AsSpan().StartsWith(Signature)) return null;
        var (width, height, channels) = (0, 0, 0);
        byte[] palette = [];
        using var data = new MemoryStream();
        for (var at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (length < 0 || length > png.Length - at - 12) return null;
            var name = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            var body = png.AsSpan(at + 8, length);
            if (name == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]));
                channels = body[9] switch { 2 => 3, 3 => 1, 6 => 4, _ => 0 };
                if (body[8] != 8 || body[12] != 0 || channels == 0 || width <= 0 || height <= 0 || (long)width * height > MostPixels) return null;
            }
            else if (name == "PLTE") palette = body.ToArray();
            else if (name == "IDAT") data.Write(body);
            at += length + 12;
        }

        if (channels == 0) return null;
        data.Position = 0;
        using var inflated = new ZLibStream(data, CompressionMode.Decompress);
        var rgba = new byte[width * height * 4];
        var (line, above) = (new byte[width * channels], new byte[width * channels]);
        for (var y = 0; y < height; y++)
        {
            var filter = inflated.ReadByte();
            inflated.ReadExactly(line);
            for (var i = 0; i < line.Length; i++)
            {
                var (left, up, corner) = (i < channels ? 0 : line[i - channels], above[i], i < channels ? 0 : above[i - channels]);
                line[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => throw new InvalidDataException($"A line of the picture has the filter {filter}; there are 0 to 4.") });
            }

            for (var x = 0; x < width; x++)
            {
                var to = ((y * width) + x) * 4;
                for (var c = 0; c < 3; c++) rgba[to + c] = channels == 1 ? palette[(line[x] * 3) + c] : line[(x * channels) + c];
                rgba[to + 3] = channels == 4 ? line[(x * 4) + 3] : (byte)255;
            }

            (line, above) = (above, line);
        }

        return (width, height, rgba);
    }

    private static int Color(byte[] rgba, int at) => rgba[at] | (rgba[at + 1] << 8) | (rgba[at + 2] << 16);

    private static byte[] Indexed(int width, int height, byte[] rgba, Dictionary<int, byte> colors)
    {
        var lines = new byte[(width + 1) * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) lines[(y * (width + 1)) + 1 + x] = colors[Color(rgba, ((y * width) + x) * 4)];
        return Write(width, height, 3, [.. colors.OrderBy(c => c.Value).SelectMany(c => (byte[])[(byte)c.Key, (byte)(c.Key >> 8), (byte)(c.Key >> 16)])], lines);
    }

    /// <summary>Each line by the filter whose bytes are nearest to 0, as section 12.7 advises.</summary>
    private static byte[] Filtered(int width, int height, byte[] rgba)
    {
        var stride = width * 3;
        var lines = new byte[(stride + 1) * height];
        var (line, above) = (new byte[stride], new byte[stride]);
        var tried = new byte[5][];
        for (var f = 0; f < 5; f++) tried[f] = new byte[stride];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++) line[(x * 3) + c] = rgba[(((y * width) + x) * 4) + c];
            var best = (Filter: 0, Sum: long.MaxValue);
            for (var f = 0; f < 5; f++)
            {
                var sum = 0L;
                for (var i = 0; i < stride; i++)
                {
                    var (left, up, corner) = (i < 3 ? 0 : line[i - 3], above[i], i < 3 ? 0 : above[i - 3]);
                    tried[f][i] = (byte)(line[i] - (f switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) }));
                    sum += Math.Abs((int)(sbyte)tried[f][i]);
                }

                if (sum < best.Sum) best = (f, sum);
            }

            lines[y * (stride + 1)] = (byte)best.Filter;
            tried[best.Filter].CopyTo(lines, (y * (stride + 1)) + 1);
            (line, above) = (above, line);
        }

        return lines;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static byte[] Write(int width, int height, byte type, byte[]? palette, byte[] lines)
    {
        using var png = new MemoryStream();
        png.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, type);
        Chunk(png, "IHDR"u8, header);
        if (palette is not null) Chunk(png, "PLTE"u8, palette);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(lines);
        Chunk(png, "IDAT"u8, data.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        png.Write(number);
        byte[] named = [.. name, .. body];
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(named));
        png.Write(number);
    }
}
