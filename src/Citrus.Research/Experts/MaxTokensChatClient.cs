using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Citrus.Research.Experts;

/// <summary>Sends the token limit as <c>max_tokens</c>: older OpenAI-compatible servers ignore <c>max_completion_tokens</c>, the only name that the SDK writes.</summary>
internal sealed class MaxTokensChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, Renamed(options), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, Renamed(options), cancellationToken);

    private static ChatOptions? Renamed(ChatOptions? options)
    {
        if (options?.MaxOutputTokens is not { } limit) return options;
        var own = options.Clone();
        own.MaxOutputTokens = null;
        own.RawRepresentationFactory = _ =>
        {
            var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // The only way to fields that the SDK does not know.
            raw.Patch.Set("$.max_tokens"u8, limit);
#pragma warning restore SCME0001
            return raw;
        };
        return own;
    }
}
