using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Pathways;

/// <summary>One request to one expert: the only place where a prompt becomes messages and a response becomes a reply.</summary>
public static class ExpertCall
{
    /// <summary>Asks.</summary>
    /// <param name="spec">The expert's spec, written into the reply.</param>
    /// <param name="question">Id of the question it is about, for the ledger.</param>
    /// <param name="sample">Which of several samples of the same request, from 0.</param>
    /// <param name="temperature">Sampling temperature; null leaves it to the expert's spec.</param>
    /// <exception cref="ExpertException">No reply came, or the provider's filter refused to give one.</exception>
    public static async Task<ExpertReply> AskAsync(
        IChatClient expert, ExpertRequest request, string spec, string question = "", int sample = 0, CancellationToken cancellationToken = default, float? temperature = null)
    {
        var options = new ChatOptions
        {
            Temperature = temperature,
            AdditionalProperties = new()
            {
                [ExpertProperties.Role] = request.Role,
                [ExpertProperties.Question] = question,
                [ExpertProperties.Sample] = sample,
            },
        };
        if (request.Schema is { } schema) options.AdditionalProperties[ExpertProperties.Schema] = schema;
        List<ChatMessage> messages = request.System.Length == 0 ? [] : [new(ChatRole.System, request.System)];
        messages.Add(new(ChatRole.User, request.User));
        var response = await ResponseAsync(expert, messages, options, cancellationToken).ConfigureAwait(false);
        if (response.FinishReason == ChatFinishReason.ContentFilter)
            throw new ExpertException(ExpertFault.ContentFilter, "the provider's content filter refused to answer");
        return Reply(response, spec);
    }

    private static async Task<ChatResponse> ResponseAsync(IChatClient expert, List<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await expert.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e is not HttpIOException)
        {
            // The network's faults have names of their own; this is a file of ours.
            throw new ExpertException(ExpertFault.NotKept, e.Message, e);
        }
    }

    /// <summary>A response as a reply.</summary>
    public static ExpertReply Reply(ChatResponse response, string spec)
    {
        var text = response.Text;
        var reasoning = string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text));
        // Thinking that an endpoint leaves in the message: only where the message goes on after it, for a narrative is think and answer together.
        var trimmed = text.AsSpan().TrimStart();
        if (reasoning.Length == 0 && trimmed.StartsWith(ThinkText.OpenTag) && ThinkText.Split(text) is { IsClosed: true } split && split.Answer.Length > 0
            && !split.Answer.StartsWith(AnswerExtraction.OpenTag, StringComparison.Ordinal))
            (reasoning, text) = (split.Thought, split.Answer);
        return new ExpertReply(text, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount, spec)
        {
            Reasoning = reasoning.Length == 0 ? null : reasoning,
            Cost = Number(ExpertProperties.Cost),
            Latency = Number(ExpertProperties.Latency),
            CutOff = response.FinishReason == ChatFinishReason.Length,
        };

        double? Number(string name) => response.AdditionalProperties?.TryGetValue(name, out var value) == true && value is double number ? number : null;
    }
}
