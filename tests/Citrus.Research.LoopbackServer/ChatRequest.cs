using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Citrus.Research.LoopbackServer;

/// <summary>A chat completion request as far as this server reads it.</summary>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Streams, bool WantsUsage, long? Seed)
{
    /// <summary>XXH128 (hex) of model, seed and messages: the same for every attempt at the same call.</summary>
    public string Hash { get; } = HashOf(Model, Seed, Messages);

    /// <exception cref="JsonException">The body is no such request.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array) throw new JsonException("messages: an array is needed");
        var messages = new List<ChatMessage>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
            messages.Add(new ChatMessage(new ChatRole(item.GetProperty("role").GetString() ?? ""), Content(item)));
        return new ChatRequest(
            root.TryGetProperty("model", out var model) ? model.GetString() ?? "" : "",
            messages,
            root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            root.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True,
            root.TryGetProperty("seed", out var seed) && seed.TryGetInt64(out var number) ? number : null);
    }

    private static string Content(JsonElement message) => !message.TryGetProperty("content", out var content) ? "" : content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : "")),
        _ => "",
    };

    private static string HashOf(string model, long? seed, IReadOnlyList<ChatMessage> messages)
    {
        var hash = new XxHash128();
        Append(model);
        Append(seed?.ToString(CultureInfo.InvariantCulture) ?? "");
        foreach (var message in messages)
        {
            Append(message.Role.Value);
            Append(message.Text);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());

        void Append(string text)
        {
            hash.Append(Encoding.UTF8.GetBytes(text));
            hash.Append([0]);
        }
    }
}
