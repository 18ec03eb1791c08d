namespace Citrus.Research.Models;

/// <summary>Numbers as model files have them, least significant byte first.</summary>
internal static class LittleEndian
{
    /// <summary>Writes numbers of <paramref name="width"/> bytes that lie in memory as this machine has them.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> numbers, int width)
    {
        if (BitConverter.IsLittleEndian || width == 1)
        {
            stream.Write(numbers);
            return;
        }

        Span<byte> number = stackalloc byte[width];
        for (var i = 0; i < numbers.Length; i += width)
        {
            numbers.Slice(i, width).CopyTo(number);
            number.Reverse();
            stream.Write(number);
        }
    }
}
