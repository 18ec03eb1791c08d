using Microsoft.Extensions.AI;

namespace Citrus.Research.Experts;

/// <summary>All that is kept of a response. A fresh reply passes through it too, so that a kept one is no different.</summary>
internal sealed record KeptReply
{
    public required string Text { get; init; }

    public string? Reasoning { get; init; }

    public long? TokensIn { get; init; }

    public long? TokensOut { get; init; }

    public string? Finish { get; init; }

    /// <summary>The model's name as the server reports it.</summary>
    public string? Model { get; init; }

    public double? Cost { get; init; }

    public double? Latency { get; init; }

    public static KeptReply From(ChatResponse response)
    {
        var reasoning = string.Concat(response.Messages.SelectMany(m => m.Contents).OfType<TextReasoningContent>().Select(c => c.Text));
        return new KeptReply
        {
            Text = response.Text,
            Reasoning = reasoning.Length == 0 ? null : reasoning,
            TokensIn = response.Usage?.InputTokenCount,
            TokensOut = response.Usage?.OutputTokenCount,
            Finish = response.FinishReason?.Value,
            Model = response.ModelId,
            Cost = Number(response, ExpertProperties.Cost),
            Latency = Number(response, ExpertProperties.Latency),
        };
    }

    public ChatResponse ToResponse()
    {
        var message = new ChatMessage(ChatRole.Assistant, Reasoning is null ? [new TextContent(Text)] : [new TextReasoningContent(Reasoning), new TextContent(Text)]);
        var response = new ChatResponse(message)
        {
            ModelId = Model,
            FinishReason = Finish is null ? null : new ChatFinishReason(Finish),
            Usage = TokensIn is null && TokensOut is null ? null : new UsageDetails { InputTokenCount = TokensIn, OutputTokenCount = TokensOut, TotalTokenCount = TokensIn + TokensOut },
        };
        if (Cost is not null || Latency is not null) response.AdditionalProperties = [];
        if (Cost is { } cost) response.AdditionalProperties![ExpertProperties.Cost] = cost;
        if (Latency is { } latency) response.AdditionalProperties![ExpertProperties.Latency] = latency;
        return response;
    }

    private static double? Number(ChatResponse response, string name) => response.AdditionalProperties?.TryGetValue(name, out var value) == true && value is double number ? number : null;
}
