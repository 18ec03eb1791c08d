using System.Buffers;
using System.Text.Json;

namespace Citrus.Research.Questions;

/// <summary>The objects of one JSON list, or of one JSON object of objects, streaming: only one of them is in memory.</summary>
internal static class JsonRecords
{
    private const int MaximumKey = 1 << 12;

    /// <summary>The objects in file order, each with the line it begins on; those of an object of objects with their name as the key.</summary>
    /// <exception cref="QuestionFormatException">The text is neither, or one of its objects is longer than a line may be.</exception>
    public static IEnumerable<QuestionLine> Read(string path, Stream stream)
    {
        using var bytes = new Bytes(stream);
        var open = bytes.AfterBlank();
        if (open is not ('[' or '{')) throw new QuestionFormatException(path, bytes.Line, "", "a JSON list of objects is needed, or an object of them.");
        var close = open == '[' ? ']' : '}';
        var record = new ArrayBufferWriter<byte>(4096);
        for (var ordinal = 1; ; ordinal++)
        {
            var next = bytes.AfterBlank();
            if (next == close) break;
            if (ordinal > 1)
            {
                if (next != ',') throw Unfinished(path, bytes.Line, next, $"a comma or {close} is needed after record {ordinal - 1}");
                next = bytes.AfterBlank();
            }

            string? key = null;
            if (close == '}')
            {
                if (next != '"') throw Unfinished(path, bytes.Line, next, "a name in quotes is needed before each record");
                key = Key(path, bytes, record);
                if (bytes.AfterBlank() is not ':' and var colon) throw Unfinished(path, bytes.Line, colon, $"a colon is needed after \"{key}\"");
                next = bytes.AfterBlank();
            }

            var line = bytes.Line;
            if (next != '{') throw Unfinished(path, line, next, $"record {key ?? $"{ordinal}"} is no object; a record is one JSON object of fields");
            Take(path, bytes, record, ordinal);
            yield return QuestionLine.Parse(path, line, record.WrittenSpan, ordinal, key);
        }

        if (bytes.AfterBlank() >= 0) throw new QuestionFormatException(path, bytes.Line, "", $"there is more after the {close} that ends the records.");
    }

    /// <summary>Whether a text begins with an object that does not end on its line: an object of objects, written over several lines.</summary>
    public static bool IsSpread(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
            }

            return (reader.CurrentDepth > 0 || reader.TokenType == JsonTokenType.StartObject) && line[(int)reader.BytesConsumed..].Trim(" \t\r"u8).IsEmpty;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Key(string path, Bytes bytes, ArrayBufferWriter<byte> into)
    {
        into.ResetWrittenCount();
        Put(into, (byte)'"');
        var escaped = false;
        while (true)
        {
            var b = bytes.Next();
            if (b < 0 || into.WrittenCount > MaximumKey) throw Unfinished(path, bytes.Line, b, "a name of a record does not end");
            Put(into, (byte)b);
            if (!escaped && b == '"') break;
            escaped = !escaped && b == '\\';
        }

        try
        {
            return JsonSerializer.Deserialize<string>(into.WrittenSpan) ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new QuestionFormatException(path, bytes.Line, "", $"the name of a record is no JSON text ({e.Message}).", e);
        }
    }

    /// <summary>Takes the rest of an object whose opening brace was read.</summary>
    private static void Take(string path, Bytes bytes, ArrayBufferWriter<byte> into, int ordinal)
    {
        var line = bytes.Line;
        into.ResetWrittenCount();
        Put(into, (byte)'{');
        var (depth, quoted, escaped) = (1, false, false);
        while (depth > 0)
        {
            var b = bytes.Next();
            if (b < 0) throw Unfinished(path, line, b, $"record {ordinal} does not end");
            if (into.WrittenCount >= QuestionLine.MaximumBytes) throw new QuestionFormatException(path, line, "", $"record {ordinal} is longer than {QuestionLine.MaximumBytes >> 20} MiB.");
            Put(into, (byte)b);
            if (quoted)
            {
                if (!escaped && b == '"') quoted = false;
                escaped = !escaped && b == '\\';
            }
            else if (b == '"') quoted = true;
            else if (b is '{' or '[') depth++;
            else if (b is '}' or ']') depth--;
        }
    }

    private static void Put(ArrayBufferWriter<byte> into, byte b)
    {
        into.GetSpan(1)[0] = b;
        into.Advance(1);
    }

    private static QuestionFormatException Unfinished(string path, int line, int next, string needed) =>
        new(path, line, "", next < 0 ? $"the file ends here, but {needed}; was it cut off?" : $"not JSON: {needed}.");

    private sealed class Bytes(Stream stream) : IDisposable
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _at, _filled;

        /// <summary>Line of the byte read last, from 1.</summary>
        public int Line { get; private set; } = 1;

        /// <summary>The next byte, or -1 at the end.</summary>
        public int Next()
        {
            if (_at == _filled && (_filled = stream.Read(_buffer, _at = 0, _buffer.Length)) == 0) return -1;
            var b = _buffer[_at++];
            if (b == '\n') Line++;
            return b;
        }

        /// <summary>The next byte that is no blank, or -1.</summary>
        public int AfterBlank()
        {
            int b;
            do b = Next(); while (b is ' ' or '\t' or '\r' or '\n');
            return b;
        }

        public void Dispose() => stream.Dispose();
    }
}
