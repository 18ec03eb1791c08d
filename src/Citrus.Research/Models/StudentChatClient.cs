using System.Runtime.CompilerServices;
using Citrus.Research.Experts;
using Citrus.Research.Tokenization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Models;

/// <summary>A trained student as an expert. Its <see cref="Student"/> and so its <see cref="Experts.IContinuationScorer"/> are asked for through <c>GetService</c>.</summary>
/// <remarks>
/// The prompt is the student's chat template over all messages; a system message is read as a user's. Greedy unless the options ask for a temperature. For
/// thousands of questions <see cref="Student.Answer"/> is much faster, because it answers them side by side.
/// </remarks>
public sealed class StudentChatClient(Student student, string name = "student") : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("citrus", defaultModelId: name);

    /// <summary>The student saved in a folder.</summary>
    public static StudentChatClient Load(string folder) => new(Student.Load(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));

    /// <exception cref="ArgumentException">There is no message, or more tokens than the student reads.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = Prompt(messages);
        var generation = new GenerationOptions
        {
            MaxNewTokens = options?.MaxOutputTokens ?? new GenerationOptions().MaxNewTokens,
            Temperature = options?.Temperature ?? 0,
            // Several samples of one request must differ; where a seed is set, whoever set it has counted the sample in.
            Seed = options?.Seed ?? (options?.AdditionalProperties?.TryGetValue(ExpertProperties.Sample, out var sample) == true && sample is int n ? n : 0),
        };
        var answer = (await Task.Run(() => student.Continue([prompt], generation, cancellation: cancellationToken), cancellationToken).ConfigureAwait(false))[0];
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, answer.Text))
        {
            ModelId = name,
            FinishReason = answer.Stopped ? ChatFinishReason.Stop : ChatFinishReason.Length,
            Usage = new UsageDetails { InputTokenCount = answer.PromptTokens, OutputTokenCount = answer.Tokens, TotalTokenCount = answer.PromptTokens + answer.Tokens },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var whole = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in whole.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(student) ? student
        : null;

    public void Dispose() => student.Dispose();

    private static string Prompt(IEnumerable<ChatMessage> messages)
    {
        var parts = messages.Select(m => m.Role == ChatRole.Assistant ? $"{SpecialTokens.Assistant} {m.Text} {SpecialTokens.End}" : $"{SpecialTokens.User} {m.Text}").ToList();
        if (parts.Count == 0) throw new ArgumentException("A student needs at least one message to answer.");
        return string.Join(' ', parts.Append(SpecialTokens.Assistant));
    }
}
