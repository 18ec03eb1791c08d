using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

/// <summary>An expert from elsewhere: answers by a function of the prompt's text and counts its calls.</summary>
internal sealed class ScriptedExpert(Func<string, string> reply) : IChatClient
{
    private int _calls;

    public int Calls => _calls;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, reply(string.Join("\n", messages.Select(m => m.Text)))));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
