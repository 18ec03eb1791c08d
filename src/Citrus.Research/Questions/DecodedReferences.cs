using System.Runtime.CompilerServices;
using System.Text;

namespace Citrus.Research.Questions;

/// <summary>
/// An XML stream in UTF-8 whose numeric references beyond ASCII (<c>&amp;#25287;</c>) are the characters themselves, which means the same. Chinese spreadsheets written by Python consist of little else, and
/// XmlReader takes most of a second over the 3.5 million of JMED's.
/// </summary>
/// <remarks>From the first <c>&lt;!</c> on (CDATA, where a reference is text; a comment; a document type) everything is passed on as it is, as is a stream in another encoding.</remarks>
internal sealed class DecodedReferences(Stream stream) : ForwardStream(stream)
{
    /// <summary>The longest reference, <c>&amp;#x0010FFFF;</c> with some zeros more.</summary>
    private const int Longest = 16;

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _next, _ready, _filled;
    private bool _begun, _asItIs, _ended;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (_next == _ready && !(_ended && _filled == _ready)) Fill();
        var count = Math.Min(buffer.Length, _ready - _next);
        _buffer.AsSpan(_next, count).CopyTo(buffer);
        _next += count;
        return count;
    }

    private void Fill()
    {
        _buffer.AsSpan(_ready, _filled - _ready).CopyTo(_buffer);
        (_next, _filled) = (0, _filled - _ready);
        _ready = 0;
        var least = _begun ? _filled + 1 : 256;
        while (_filled < least && !_ended)
        {
            var read = Below.Read(_buffer, _filled, _buffer.Length - _filled);
            _ended = read == 0;
            _filled += read;
        }

        if (!_begun) (_begun, _asItIs) = (true, !IsUtf8(_buffer.AsSpan(0, Math.Min(_filled, 256))));
        Decode();
    }

    // What comes out is never longer than what goes in, so it is written over it. Optimised at once: one call sees 64 KiB, and a file has few calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decode()
    {
        var all = _buffer.AsSpan(0, _filled);
        var (from, to) = (0, 0);
        while (from < all.Length)
        {
            var rest = all[from..];
            var plain = _asItIs ? rest.Length : rest.IndexOfAny((byte)'&', (byte)'<');
            if (plain != 0)
            {
                if (plain < 0) plain = rest.Length;
                if (from != to) rest[..plain].CopyTo(all[to..]);
                (from, to) = (from + plain, to + plain);
                continue;
            }

            if (rest.Length < Longest && !_ended) break;
            if (rest[0] == '<' && rest.Length > 1 && rest[1] == '!') _asItIs = true;
            else if (Reference(rest, out var rune) is > 0 and var length)
            {
                to += rune.EncodeToUtf8(all[to..]);
                from += length;
                continue;
            }

            all[to++] = all[from++];
        }

        // What is left over is looked at again with what follows it.
        all[from..].CopyTo(all[to..]);
        (_ready, _filled) = (to, to + (all.Length - from));
    }

    /// <summary>How long the reference is that a text begins with; 0 where it begins with none, or with one of ASCII or of no character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Reference(ReadOnlySpan<byte> text, out Rune rune)
    {
        rune = default;
        if (text.Length < 4 || text[0] != '&' || text[1] != '#') return 0;
        var hexadecimal = text[2] == 'x';
        var (at, value) = (hexadecimal ? 3 : 2, 0);
        for (var end = Math.Min(text.Length, Longest); at < end; at++)
        {
            var c = text[at];
            if (c == ';') return value > 0x7F && value is not (0xFFFE or 0xFFFF) && Rune.TryCreate(value, out rune) ? at + 1 : 0;
            var digit = c is >= (byte)'0' and <= (byte)'9' ? c - '0' : hexadecimal && (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
            if (digit < 0 || value > 0x10FFFF) return 0;
            value = (value * (hexadecimal ? 16 : 10)) + digit;
        }

        return 0;
    }

    private static bool IsUtf8(ReadOnlySpan<byte> beginning)
    {
        if (beginning.Contains((byte)0)) return false;
        var text = Encoding.Latin1.GetString(beginning);
        var at = text.IndexOf("encoding", StringComparison.Ordinal);
        var end = text.IndexOf("?>", StringComparison.Ordinal);
        return at < 0 || at > end || text[at..end].Contains("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
