using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Asks only while there is budget.</summary>
internal sealed class BudgetChatClient(IChatClient inner, ExpertBudget budget, ExpertPrice? price) : WholeReplyChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Listed(messages);
        using var promise = await budget.TakeAsync(TokenEstimate.Of(list), options?.MaxOutputTokens, price, cancellationToken).ConfigureAwait(false);
        return await base.GetResponseAsync(list, options, cancellationToken).ConfigureAwait(false);
    }
}
