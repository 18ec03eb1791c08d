using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Cli;

/// <summary>The clinician answers in JSON; here it answers as others do. An abstention stays as it said it, and is no answer.</summary>
internal sealed class ClinicAnswers(IChatClient clinician) : DelegatingChatClient(clinician)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        using var reply = JsonDocument.Parse(response.Text);
        var text = reply.RootElement.TryGetProperty("answer", out var answer) ? $"<answer>{answer.GetString()}</answer>" : "I abstain.";
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { Usage = response.Usage, AdditionalProperties = response.AdditionalProperties };
    }

    /// <summary>The session disposes of the clinician.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
