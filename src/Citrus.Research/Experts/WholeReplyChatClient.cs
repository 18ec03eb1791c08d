using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>A decorator that treats replies as a whole: one that is asked for as a stream is awaited, checked, paid and kept first, then handed on in one go.</summary>
internal abstract class WholeReplyChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public sealed override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates()) yield return update;
    }

    protected static IReadOnlyList<ChatMessage> Listed(IEnumerable<ChatMessage> messages) => messages as IReadOnlyList<ChatMessage> ?? [.. messages];
}
