using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>SHA-256 of a request; 32 bytes without an object.</summary>
internal readonly record struct RequestKey(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>One a thread, used again: a prompt has several kilobytes.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>Of what is asked and which sample it is, whoever answers: the key of a replay.</summary>
    public static RequestKey Of(IReadOnlyList<ChatMessage> messages, int sample)
    {
        var buffer = Buffer();
        Append(buffer, "exchange 1");
        Append(buffer, messages, sample);
        return Hash(buffer);
    }

    /// <summary>Of who is asked what, with which sampling options, and which sample it is: the key of the cache. No key, address of a caller or clock goes in.</summary>
    public static RequestKey Of(string identity, IReadOnlyList<ChatMessage> messages, ChatOptions? options, int sample)
    {
        var buffer = Buffer();
        Append(buffer, "reply 1");
        Append(buffer, identity);
        Append(buffer, Number(options?.Temperature));
        Append(buffer, Number(options?.TopP));
        Append(buffer, Number(options?.MaxOutputTokens));
        Append(buffer, Number(options?.Seed));
        Append(buffer, options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? schema.GetRawText() : options?.ResponseFormat?.GetType().Name ?? "");
        foreach (var stop in options?.StopSequences ?? []) Append(buffer, stop);
        Append(buffer, messages, sample);
        return Hash(buffer);
    }

    public static RequestKey Parse(string hex) => From(Convert.FromHexString(hex));

    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, A);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), D);
        return bytes;
    }

    public override string ToString() => Convert.ToHexStringLower(ToBytes());

    internal static RequestKey From(ReadOnlySpan<byte> hash) => hash.Length != 32 ? throw new FormatException("A key has 32 bytes.") : new(
        BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]), BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));

    private static void Append(ArrayBufferWriter<byte> buffer, IReadOnlyList<ChatMessage> messages, int sample)
    {
        Append(buffer, sample.ToString(CultureInfo.InvariantCulture));
        foreach (var message in messages)
        {
            Append(buffer, message.Role.Value);
            Append(buffer, message.Text);
        }
    }

    private static ArrayBufferWriter<byte> Buffer()
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1 << 14);
        buffer.ResetWrittenCount();
        return buffer;
    }

    /// <summary>Its length first, so that no two lists of texts look the same.</summary>
    private static void Append(ArrayBufferWriter<byte> buffer, string text)
    {
        var span = buffer.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        buffer.Advance(4 + length);
    }

    private static string Number<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static RequestKey Hash(ArrayBufferWriter<byte> buffer)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return From(hash);
    }
}
