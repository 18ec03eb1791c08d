using System.Text;
using System.Text.Json;
using Citrus.Research.Pathways;

namespace Citrus.Research.Synthesis;

/// <summary>The JSON object in a reply of a stage's expert, with or without words and fences around it.</summary>
internal static class ReplyObject
{
    /// <summary>Characters of a reply that are looked at.</summary>
    private const int MaximumLength = 200_000;

    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    /// <summary>A text field of the object.</summary>
    public static ParsedReply<string> Text(string reply, string field) =>
        Read(reply, field, v => v.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(v.GetString()) ? v.GetString()!.Trim() : null, "a text that is not blank");

    /// <summary>A field that is true or false; yes and no, 1 and 0 are understood.</summary>
    public static ParsedReply<string> Truth(string reply, string field) => Read(reply, field, v => v.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when v.TryGetInt32(out var n) && n is 0 or 1 => n == 1 ? "true" : "false",
        JsonValueKind.String => v.GetString()!.Trim().ToLowerInvariant() switch { "true" or "yes" or "1" => "true", "false" or "no" or "0" => "false", _ => null },
        _ => null,
    }, "true or false");

    private static ParsedReply<string> Read(string reply, string field, Func<JsonElement, string?> value, string needed)
    {
        if (reply.Length > MaximumLength) reply = reply[..MaximumLength];
        var trimmed = reply.Trim();
        // Each opening brace is a candidate; few are tried, so that a page of braces costs little.
        var tries = 0;
        for (var start = trimmed.IndexOf('{', StringComparison.Ordinal); start >= 0 && tries < 16; start = trimmed.IndexOf('{', start + 1), tries++)
        {
            var bytes = Encoding.UTF8.GetBytes(trimmed[start..]);
            var reader = new Utf8JsonReader(bytes, Lenient);
            try
            {
                if (!JsonDocument.TryParseValue(ref reader, out var document)) continue;
                using (document)
                {
                    if (!document.RootElement.TryGetProperty(field, out var found)) continue;
                    if (value(found) is not { } text) return new(ReplyQuality.Unusable, null, $"\"{field}\" must be {needed}");
                    var tidy = start == 0 && reader.BytesConsumed == bytes.Length;
                    return new(tidy ? ReplyQuality.Parsed : ReplyQuality.Repaired, text, tidy ? null : "words around the JSON object");
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Broken JSON, or half a surrogate pair: the next brace may begin something better.
            }
        }

        return new(ReplyQuality.Unusable, null, $"no JSON object with \"{field}\"");
    }
}
