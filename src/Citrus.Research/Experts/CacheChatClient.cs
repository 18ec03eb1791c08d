using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Answers from kept replies where it can. Callers that ask the same at the same time share one call.</summary>
/// <param name="onHit">Called for every reply that was there.</param>
internal sealed class CacheChatClient(IChatClient inner, ReplyCache cache, string identity, Action onHit) : WholeReplyChatClient(inner)
{
    private readonly ConcurrentDictionary<RequestKey, Task<KeptReply>> _inFlight = new();

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Listed(messages);
        var key = RequestKey.Of(identity, list, options, CallProperties.Sample(options));
        while (true)
        {
            var own = new TaskCompletionSource<KeptReply>(TaskCreationOptions.RunContinuationsAsynchronously);
            var shared = _inFlight.GetOrAdd(key, own.Task);
            if (shared != own.Task)
            {
                try
                {
                    var reply = await shared.WaitAsync(cancellationToken).ConfigureAwait(false);
                    onHit();
                    return reply.ToResponse();
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // The one that asked gave up; this one has not.
                    continue;
                }
            }

            try
            {
                // Looked up only now: before, another caller's reply may have been on its way.
                var reply = cache.Find(key);
                if (reply is not null)
                {
                    onHit();
                }
                else
                {
                    reply = KeptReply.From(await base.GetResponseAsync(list, options, cancellationToken).ConfigureAwait(false));
                    await cache.KeepAsync(key, reply).ConfigureAwait(false);
                }

                own.SetResult(reply);
                return reply.ToResponse();
            }
            catch (OperationCanceledException)
            {
                own.SetCanceled(CancellationToken.None);
                throw;
            }
            catch (Exception e)
            {
                own.SetException(e);
                // Nobody may be waiting for it.
                _ = own.Task.Exception;
                throw;
            }
            finally
            {
                _inFlight.TryRemove(key, out _);
            }
        }
    }
}
