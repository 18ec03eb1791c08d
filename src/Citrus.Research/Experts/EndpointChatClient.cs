using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>
/// An endpoint, the innermost of the chain: bounds the time of an attempt, measures it, turns whatever goes wrong into an
/// <see cref="ExpertException"/>, and takes from the response only what is kept, the key scrubbed from it.
/// </summary>
internal sealed class EndpointChatClient(IChatClient inner, EndpointSettings settings, ApiKey? key, TimeProvider time) : DelegatingChatClient(inner)
{
    private readonly ExpertIdentity _identity = new(settings.Identity);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var start = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return Clean(settings.Streams
                ? await GetStreamingResponseAsync(messages, options, either.Token).ToChatResponseAsync(either.Token).ConfigureAwait(false)
                : await base.GetResponseAsync(messages, options, either.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Translated(e, timeout);
        }
        finally
        {
            if (CallMeter.Of(options) is { } meter) meter.Latency = Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 1);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var timeout = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var updates = base.GetStreamingResponseAsync(messages, options, either.Token).GetAsyncEnumerator(either.Token);
        ChatFinishReason? finish = null;
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync().ConfigureAwait(false)) break;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw Translated(e, timeout);
            }

            finish ??= updates.Current.FinishReason;
            if (finish == ChatFinishReason.ContentFilter) throw Filtered();
            if (ReasoningField.Of(updates.Current) is { } reasoning && !updates.Current.Contents.OfType<TextReasoningContent>().Any()) updates.Current.Contents.Insert(0, new TextReasoningContent(reasoning));
            yield return updates.Current;
        }

        if (finish is null) throw CutOff();
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? base.GetService(serviceType, serviceKey)
        : serviceType == typeof(EndpointSettings) ? settings
        : serviceType == typeof(ExpertIdentity) ? _identity
        : base.GetService(serviceType);

    private ChatResponse Clean(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.ContentFilter) throw Filtered();
        var reply = KeptReply.From(response);
        if (reply.Reasoning is null && ReasoningField.Of(response) is { } reasoning) reply = reply with { Reasoning = reasoning };
        if (key is not null) reply = reply with { Text = key.Scrub(reply.Text), Reasoning = reply.Reasoning is null ? null : key.Scrub(reply.Reasoning), Model = reply.Model is null ? null : key.Scrub(reply.Model) };
        return reply.ToResponse();
    }

    private ExpertException Translated(Exception error, CancellationTokenSource timeout) => error switch
    {
        ExpertException { Message: var message } known when message.StartsWith(settings.Spec, StringComparison.Ordinal) => known,
        _ when timeout.IsCancellationRequested => FaultTranslation.Fault(ExpertFault.Timeout, $"no answer within {settings.TimeoutSeconds} seconds (timeout={settings.TimeoutSeconds})", settings, key),
        OperationCanceledException => FaultTranslation.Fault(ExpertFault.Timeout, "the request was given up before an answer came", settings, key),
        _ => FaultTranslation.Of(error, settings, key, time),
    };

    private ExpertException Filtered() => FaultTranslation.Fault(ExpertFault.ContentFilter, "the provider's content filter refused to answer", settings, key);

    private ExpertException CutOff() => FaultTranslation.Fault(ExpertFault.Connection, "the stream of the reply ended before its end", settings, key);
}
