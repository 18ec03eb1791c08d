using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Citrus.Research.Questions;

/// <summary>A text file as UTF-8 bytes: UTF-8 with or without a byte order mark as it is, GB18030 (as Chinese exam tables are often saved) rewritten on the way.</summary>
internal static class Utf8Source
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The text from its beginning, without its byte order mark.</summary>
    /// <exception cref="QuestionFormatException">There is no such file, or it is neither UTF-8 nor GB18030.</exception>
    public static Stream Open(string path)
    {
        var stream = OpenFile(path);
        try
        {
            // A pipe can be read once only; its lines are checked as they come.
            if (!stream.CanSeek) return stream;
            Span<byte> start = stackalloc byte[3];
            var read = stream.ReadAtLeast(start, 3, throwOnEndOfStream: false);
            if (read >= 2 && (start[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF])))
                throw new QuestionFormatException(path, 0, "", "this is UTF-16; save the file as UTF-8.");
            var marked = read == 3 && start.SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]);
            stream.Position = marked ? 3 : 0;
            var line = FirstInvalidLine(stream);
            stream.Position = marked ? 3 : 0;
            if (line == 0) return stream;
            if (marked || !IsGb18030(stream)) throw new QuestionFormatException(path, line, "", "not UTF-8 (nor GB18030); save the file as UTF-8.");
            stream.Position = 0;
            return Encoding.CreateTranscodingStream(stream, Gb18030, Encoding.UTF8);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new QuestionFormatException(path, 0, "", "no such file.", e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new QuestionFormatException(path, 0, "", "this is a folder; name a file of questions.", e);
        }
    }

    /// <summary>The line of the first byte that is no UTF-8; 0 where all are.</summary>
    private static int FirstInvalidLine(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            var (kept, line) = (0, 1);
            for (int read; (read = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
            {
                var filled = buffer.AsSpan(0, kept + read);
                var whole = filled[..^Begun(filled)];
                if (!Utf8.IsValid(whole))
                {
                    var at = 0;
                    while (Rune.DecodeFromUtf8(whole[at..], out _, out var length) == OperationStatus.Done) at += length;
                    return line + whole[..at].Count((byte)'\n');
                }

                line += whole.Count((byte)'\n');
                kept = filled.Length - whole.Length;
                filled[whole.Length..].CopyTo(buffer);
            }

            return kept > 0 ? line : 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>How many bytes at the end may be the beginning of a character.</summary>
    private static int Begun(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var b = bytes[^back];
            if (b < 0x80) return 0;
            if (b >= 0xC0) return (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2) > back ? back : 0;
        }

        return 0;
    }

    /// <summary>
    /// Whether all bytes are GB18030 and few of them look like UTF-8. The second, because a UTF-8 file with one broken byte often is GB18030 too, of nonsense characters;
    /// but in GB18030 text only about a tenth of the characters happen to be UTF-8 sequences.
    /// </summary>
    private static bool IsGb18030(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var characters = new char[buffer.Length + 8];
        var decoder = Gb18030.GetDecoder();
        var (good, bad) = (0L, 0L);
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                decoder.GetChars(buffer.AsSpan(0, read), characters, flush: false);
                for (var rest = buffer.AsSpan(0, read); !rest.IsEmpty;)
                {
                    var status = Rune.DecodeFromUtf8(rest, out _, out var length);
                    if (status != OperationStatus.Done) bad++;
                    else if (length > 1) good++;
                    rest = rest[length..];
                }
            }

            decoder.GetChars([], characters, flush: true);
            return bad > good;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
