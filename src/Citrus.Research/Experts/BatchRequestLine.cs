using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>One line of a batch input file: <c>{"custom_id":...,"method":"POST","url":"/v1/chat/completions","body":{"model":...,"messages":[...]}}</c>.</summary>
public static class BatchRequestLine
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, its line end included.</summary>
    /// <param name="system">Left out where it is empty.</param>
    /// <param name="schema">JSON Schema of the reply; sent only where the target asks for it.</param>
    public static byte[] Of(string customId, BatchTarget target, string system, string user, string? schema = null)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("custom_id", customId);
            json.WriteString("method", "POST");
            json.WriteString("url", target.Endpoint);
            json.WriteStartObject("body");
            json.WriteString("model", target.Model);
            json.WriteStartArray("messages");
            if (system.Length > 0) Message(json, "system", system);
            Message(json, "user", user);
            json.WriteEndArray();
            if (target.Temperature is { } temperature) json.WriteNumber("temperature", temperature);
            if (target.TopP is { } topP) json.WriteNumber("top_p", topP);
            if (target.MaxTokens is { } most) json.WriteNumber(target.MaxTokensField, most);
            if (target.Seed is { } seed) json.WriteNumber("seed", seed);
            if (target.SendsSchema && schema is not null)
            {
                json.WriteStartObject("response_format");
                json.WriteString("type", "json_schema");
                json.WriteStartObject("json_schema");
                json.WriteString("name", "reply");
                json.WritePropertyName("schema");
                // Through the document, for a prompt file's schema may run over several lines.
                using (var document = JsonDocument.Parse(schema)) document.RootElement.WriteTo(json);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Who asks what.</summary>
    /// <exception cref="FormatException">The line is no request.</exception>
    public static (string CustomId, IReadOnlyList<ChatMessage> Messages) Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var messages = json.RootElement.GetProperty("body").GetProperty("messages").EnumerateArray()
                .Select(m => new ChatMessage(new ChatRole(m.GetProperty("role").GetString()!), m.GetProperty("content").GetString()));
            return (json.RootElement.GetProperty("custom_id").GetString() ?? throw new FormatException("custom_id is null"), [.. messages]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"no request of a batch ({e.Message}); expected {{\"custom_id\":...,\"body\":{{\"messages\":[...]}}}}", e);
        }
    }

    private static void Message(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }
}
