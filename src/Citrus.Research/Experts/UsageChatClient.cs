using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>An expert whose calls are counted. Outermost, it counts what was asked; innermost, what was paid for.</summary>
public sealed class UsageChatClient(IChatClient inner, UsageCounter counter) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            counter.Count(response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount);
            return response;
        }
        catch
        {
            counter.CountFailure();
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var usage = new UsageDetails();
        var whole = false;
        try
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                foreach (var part in update.Contents.OfType<UsageContent>()) usage.Add(part.Details);
                yield return update;
            }

            whole = true;
        }
        finally
        {
            if (whole) counter.Count(usage.InputTokenCount, usage.OutputTokenCount);
            else counter.CountFailure();
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(UsageCounter) ? counter : base.GetService(serviceType, serviceKey);
}
