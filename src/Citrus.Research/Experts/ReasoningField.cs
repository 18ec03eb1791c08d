using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Citrus.Research.Experts;

/// <summary>
/// A reasoning model's thinking in the field <c>reasoning</c>, as vLLM (since 0.11) and OpenRouter send it. The adapter of
/// Microsoft.Extensions.AI reads <c>reasoning_content</c> only.
/// </summary>
internal static class ReasoningField
{
#pragma warning disable SCME0001 // The only way to fields that the SDK does not know.
    public static string? Of(ChatResponse response) =>
        response.RawRepresentation is ChatCompletion completion && completion.Patch.TryGetValue("$.choices[0].message.reasoning"u8, out string? text) && text is { Length: > 0 } ? text : null;

    public static string? Of(ChatResponseUpdate update) =>
        update.RawRepresentation is StreamingChatCompletionUpdate part && part.Patch.TryGetValue("$.choices[0].delta.reasoning"u8, out string? text) && text is { Length: > 0 } ? text : null;
#pragma warning restore SCME0001
}
