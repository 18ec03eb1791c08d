using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Citrus.Research.LoopbackServer;

/// <summary>Writes completions and errors in OpenAI's form.</summary>
internal static class ChatBody
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="reasoningField">Name of the field with the thinking; null where there is none.</param>
    /// <param name="usage">Tokens in and out; null says nothing.</param>
    public static ReadOnlyMemory<byte> Completion(string id, string model, string text, string? reasoning, string? reasoningField, string finish, (long In, long Out)? usage)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Json))
        {
            Head(json, id, "chat.completion", model);
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", 0);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", text);
            if (reasoningField is not null) json.WriteString(reasoningField, reasoning);
            json.WriteEndObject();
            json.WriteString("finish_reason", finish);
            json.WriteEndObject();
            json.WriteEndArray();
            if (usage is { } tokens) Usage(json, tokens);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The same as server-sent events, the text in a few parts.</summary>
    public static ReadOnlyMemory<byte> Events(string id, string model, string text, string? reasoning, string? reasoningField, string finish, (long In, long Out)? usage)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        Event("role", "assistant", null);
        if (reasoningField is not null) foreach (var part in Parts(reasoning!)) Event(reasoningField, part, null);
        foreach (var part in Parts(text)) Event("content", part, null);
        Event(null, null, finish);
        if (usage is { } tokens)
        {
            buffer.Write("data: "u8);
            using (var json = new Utf8JsonWriter(buffer, Json))
            {
                Head(json, id, "chat.completion.chunk", model);
                json.WriteStartArray("choices");
                json.WriteEndArray();
                Usage(json, tokens);
                json.WriteEndObject();
            }

            buffer.Write("\n\n"u8);
        }

        buffer.Write("data: [DONE]\n\n"u8);
        return buffer.WrittenMemory;

        void Event(string? field, string? value, string? end)
        {
            buffer.Write("data: "u8);
            using (var json = new Utf8JsonWriter(buffer, Json))
            {
                Head(json, id, "chat.completion.chunk", model);
                json.WriteStartArray("choices");
                json.WriteStartObject();
                json.WriteNumber("index", 0);
                json.WriteStartObject("delta");
                if (field is not null) json.WriteString(field, value);
                json.WriteEndObject();
                json.WriteString("finish_reason", end);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            }

            buffer.Write("\n\n"u8);
        }
    }

    public static byte[] Error(string message, string code) => JsonSerializer.SerializeToUtf8Bytes(new { error = new { message, type = "error", code } });

    public static byte[] Models(IEnumerable<string> models) =>
        JsonSerializer.SerializeToUtf8Bytes(new { @object = "list", data = models.Select(m => new { id = m, @object = "model", created = 0, owned_by = "loopback" }) });

    /// <summary>About a token for every four bytes.</summary>
    public static long Tokens(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;

    private static IEnumerable<string> Parts(string text)
    {
        // Between characters of one code unit only, so that none is cut in two.
        var step = Math.Max(1, (text.Length + 3) / 4);
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + step);
            if (end < text.Length && char.IsLowSurrogate(text[end])) end++;
            yield return text[at..end];
            at = end;
        }
    }

    private static void Head(Utf8JsonWriter json, string id, string kind, string model)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", kind);
        json.WriteNumber("created", 1_700_000_000);
        json.WriteString("model", model);
    }

    private static void Usage(Utf8JsonWriter json, (long In, long Out) tokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.In);
        json.WriteNumber("completion_tokens", tokens.Out);
        json.WriteNumber("total_tokens", tokens.In + tokens.Out);
        json.WriteEndObject();
    }
}
