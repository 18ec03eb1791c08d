using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Writes every paid call down, whether a reply came or not, and says in the response what it cost.</summary>
/// <param name="price">Null where unknown.</param>
internal sealed class LedgerChatClient(IChatClient inner, string spec, ExpertLedger ledger, ExpertPrice? price, TimeProvider time) : WholeReplyChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Listed(messages);
        var own = CallMeter.Into(options, out var meter);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(list, own, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            ledger.Add(Entry(options, meter) with { Fault = (e as ExpertException)?.Fault ?? ExpertFault.Other });
            throw;
        }

        var estimated = response.Usage is not { InputTokenCount: not null, OutputTokenCount: not null };
        var tokensIn = response.Usage?.InputTokenCount ?? TokenEstimate.Of(list);
        var tokensOut = response.Usage?.OutputTokenCount ?? TokenEstimate.Of(response.Text);
        var cost = price?.Cost(tokensIn, tokensOut);
        ledger.Add(Entry(options, meter) with { TokensIn = tokensIn, TokensOut = tokensOut, Estimated = estimated, Cost = cost });
        response.AdditionalProperties ??= [];
        if (cost is { } known) response.AdditionalProperties[ExpertProperties.Cost] = (double)known;
        if (meter.Latency is { } latency) response.AdditionalProperties[ExpertProperties.Latency] = latency;
        return response;
    }

    private LedgerEntry Entry(ChatOptions? options, CallMeter meter) => new()
    {
        At = time.GetUtcNow(),
        Spec = spec,
        Role = CallProperties.Text(options, ExpertProperties.Role),
        Question = CallProperties.Text(options, ExpertProperties.Question),
        Sample = CallProperties.Sample(options),
        Latency = meter.Latency,
        Attempts = Math.Max(1, meter.Attempts),
    };
}
