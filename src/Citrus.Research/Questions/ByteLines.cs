using System.Buffers;

namespace Citrus.Research.Questions;

/// <summary>The lines of a stream as bytes, one at a time, none longer than is allowed.</summary>
internal static class ByteLines
{
    /// <summary>Each line without its line feed, its number from 1, and whether a line feed ended it; the bytes are valid until the next line is asked for. The last line may be empty.</summary>
    /// <param name="longest">Bytes.</param>
    /// <param name="tooLong">What is thrown for the line of this number where it is longer.</param>
    public static IEnumerable<(ReadOnlyMemory<byte> Bytes, int Number, bool Whole)> Read(Stream stream, int longest, Func<int, Exception> tooLong)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var (start, filled, number) = (0, 0, 1);
            while (true)
            {
                var length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if ((length < 0 ? filled - start : length) > longest) throw tooLong(number);
                if (length >= 0)
                {
                    yield return (buffer.AsMemory(start, length), number++, true);
                    start += length + 1;
                    continue;
                }

                buffer.AsSpan(start, filled - start).CopyTo(buffer);
                (start, filled) = (0, filled - start);
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = stream.Read(buffer, filled, buffer.Length - filled);
                filled += read;
                if (read > 0) continue;
                yield return (buffer.AsMemory(0, filled), number, false);
                yield break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
