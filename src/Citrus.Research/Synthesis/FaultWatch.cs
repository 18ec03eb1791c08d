using Citrus.Research.Experts;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Synthesis;

/// <summary>Tells which calls of a pathway gave no reply, and why; the pathway's driver sees the same exceptions as without it.</summary>
internal sealed class FaultWatch(IChatClient inner, Action<string, string, ExpertException> saw) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string Of(string name) => options?.AdditionalProperties?.TryGetValue(name, out var value) == true && value is string text ? text : "";
        void Tell(ExpertException fault) => saw(Of(ExpertProperties.Question), Of(ExpertProperties.Role), fault);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            if (response.FinishReason == ChatFinishReason.ContentFilter) Tell(new ExpertException(ExpertFault.ContentFilter, "the provider's content filter refused to answer"));
            return response;
        }
        catch (ExpertException fault)
        {
            Tell(fault);
            throw;
        }
        catch (Exception e) when (e is not IOException && !cancellationToken.IsCancellationRequested)
        {
            Tell(new ExpertException(ExpertFault.Other, $"{e.GetType().Name}: {e.Message}", e));
            throw;
        }
    }

    // The client belongs to whoever opened it.
    protected override void Dispose(bool disposing)
    {
    }
}
