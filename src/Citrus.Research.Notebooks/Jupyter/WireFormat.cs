using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Citrus.Research.Notebooks.Jupyter;

/// <summary>
/// Messages as frames: identities, a delimiter, the signature, then header, parent header, metadata and content as JSON (Jupyter's messaging protocol, "The wire protocol").
/// </summary>
/// <param name="key">The secret of the connection file.</param>
internal sealed class WireFormat(byte[] key)
{
    /// <summary>The protocol spoken.</summary>
    public const string Version = "5.3";

    private const int RememberedSignatures = 1 << 16;
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly byte[] Empty = "{}"u8.ToArray();
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string session = Guid.NewGuid().ToString();
    private readonly Lock gate = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private long count;

    /// <summary>The signature of four frames: HMAC-SHA256 over their bytes one after the other, in lower-case hex.</summary>
    public string Sign(byte[] header, byte[] parent, byte[] metadata, byte[] content)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(header);
        mac.AppendData(parent);
        mac.AppendData(metadata);
        mac.AppendData(content);
        return Convert.ToHexStringLower(mac.GetHashAndReset());
    }

    /// <summary>Reads frames.</summary>
    /// <exception cref="WireException">The signature is not right, was seen before, or the frames are no message.</exception>
    public JupyterMessage Parse(IReadOnlyList<byte[]> frames)
    {
        var at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter)) at++;
        if (frames.Count - at < 6) throw new WireException($"{frames.Count} frames are no message: delimiter, signature, header, parent, metadata and content are expected.");
        var expected = Sign(frames[at + 2], frames[at + 3], frames[at + 4], frames[at + 5]);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), frames[at + 1])) throw new WireException("the signature is wrong: not sent by who has the key.");
        if (!Remember(expected)) throw new WireException("the message was received before.");
        var header = Object(frames[at + 2], "header");
        if (header["msg_type"] is not JsonValue type || type.GetValueKind() != JsonValueKind.String) throw new WireException("the header has no \"msg_type\".");
        return new JupyterMessage([.. frames.Take(at)], frames[at + 2], type.GetValue<string>(), Object(frames[at + 5], "content"));
    }

    /// <summary>Makes the frames of an answer or a broadcast.</summary>
    /// <param name="identities">The way to the receiver; of a broadcast, its topic.</param>
    /// <param name="type">Such as <c>execute_reply</c>.</param>
    /// <param name="parent">The header of the message that this one follows from; null is none.</param>
    /// <param name="content">Writes the content's properties.</param>
    public List<byte[]> Compose(IReadOnlyList<byte[]> identities, string type, byte[]? parent, Action<Utf8JsonWriter> content)
    {
        var header = Json(w =>
        {
            w.WriteString("msg_id", $"{session}_{Interlocked.Increment(ref count)}");
            w.WriteString("session", session);
            w.WriteString("username", "citrus");
            w.WriteString("date", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            w.WriteString("msg_type", type);
            w.WriteString("version", Version);
        });
        var body = Json(content);
        return [.. identities, Delimiter, Encoding.ASCII.GetBytes(Sign(header, parent ?? Empty, Empty, body)), header, parent ?? Empty, Empty, body];
    }

    private static byte[] Json(Action<Utf8JsonWriter> properties)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            properties(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static JsonObject Object(byte[] frame, string what)
    {
        try
        {
            return JsonNode.Parse(frame) as JsonObject ?? throw new WireException($"the {what} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new WireException($"the {what} is not JSON: {e.Message}", e);
        }
    }

    /// <summary>False where a message of this signature came before: nobody may have a cell run twice by repeating what was sent.</summary>
    private bool Remember(string signature)
    {
        lock (gate)
        {
            if (!seen.Add(signature)) return false;
            order.Enqueue(signature);
            if (order.Count > RememberedSignatures) seen.Remove(order.Dequeue());
            return true;
        }
    }
}
