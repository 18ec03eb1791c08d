using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>Writes every exchange down before it hands the reply on.</summary>
internal sealed class RecordChatClient(IChatClient inner, string spec, Recording recording) : WholeReplyChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = Listed(messages);
        var reply = KeptReply.From(await base.GetResponseAsync(list, options, cancellationToken).ConfigureAwait(false));
        recording.Add(Exchange.Of(RequestKey.Of(list, CallProperties.Sample(options)), spec, list, options, reply));
        return reply.ToResponse();
    }
}
