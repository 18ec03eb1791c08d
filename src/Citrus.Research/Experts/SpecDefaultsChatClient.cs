using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Fills in what the spec says where the caller says nothing: sampling options, a seed of its own for every sample, the reply's schema.</summary>
internal sealed class SpecDefaultsChatClient(IChatClient inner, EndpointSettings settings) : DelegatingChatClient(inner)
{
    private readonly ConcurrentDictionary<string, ChatResponseFormat?> _formats = new(StringComparer.Ordinal);

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Resolved(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Resolved(options), cancellationToken);

    private ChatOptions Resolved(ChatOptions? options)
    {
        var own = options?.Clone() ?? new ChatOptions();
        own.Temperature ??= settings.Temperature;
        own.TopP ??= settings.TopP;
        own.MaxOutputTokens ??= settings.MaxTokens;
        if ((own.Seed ?? settings.Seed) is { } seed) own.Seed = unchecked(seed + CallProperties.Sample(options));
        if (settings.SendsSchema && CallProperties.Text(options, ExpertProperties.Schema) is { Length: > 0 } schema) own.ResponseFormat ??= _formats.GetOrAdd(schema, Format);
        return own;
    }

    /// <summary>Servers take schemas of objects only; a plain text needs none.</summary>
    private static ChatResponseFormat? Format(string schema)
    {
        using var json = JsonDocument.Parse(schema);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")
            ? ChatResponseFormat.ForJsonSchema(json.RootElement.Clone(), "reply")
            : null;
    }
}
