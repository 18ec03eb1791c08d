using System.Runtime.CompilerServices;
using Citrus.Research.Experts;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>Answers nothing: stands in where a stage may only read what its journal has.</summary>
internal sealed class NoExpert : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromException<ChatResponse>(new ExpertException(ExpertFault.NotRecorded, "this stage has not been run for this question"));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false)).ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
