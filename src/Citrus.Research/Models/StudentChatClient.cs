using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Citrus.Research.Experts;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Models;

/// <summary>A checkpoint as an expert. Its <see cref="Student"/> and so its <see cref="Experts.IContinuationScorer"/> are asked for through <c>GetService</c>.</summary>
/// <remarks>
/// The prompt is the model's own chat format over all messages. Greedy unless the options ask for a temperature. Requests that come at the same time share one batch. A foreign model's
/// thought comes as <see cref="TextReasoningContent"/>; a student's is part of its text, because a narrative is thought and answer together.
/// </remarks>
/// <param name="defaults">What holds where a request says nothing; null is greedy.</param>
public sealed class StudentChatClient(Student student, string name = "student", GenerationOptions? defaults = null) : IChatClient
{
    /// <summary>Names of what <c>ChatOptions.AdditionalProperties</c> may hold beside the options that every expert knows.</summary>
    public const string MinP = "min_p", MaxThinkingTokens = "max_thinking_tokens";

    private readonly GenerationOptions _defaults = defaults ?? new GenerationOptions();
    private readonly ChatClientMetadata _metadata = new("citrus", defaultModelId: name);

    /// <summary>The student saved in a folder.</summary>
    public static StudentChatClient Load(string folder, GenerationOptions? defaults = null) =>
        new(Student.Load(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), defaults);

    /// <exception cref="ArgumentException">There is no message, or more tokens than the student reads.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var prompt = student.Prompt(Turns(messages));
        var answer = await student.AnswerAsync(prompt, Generation(options, prompt), cancellation: cancellationToken).ConfigureAwait(false);
        var contents = Contents(Splitter(prompt), answer.Text, last: true).ToList();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents.Count == 0 ? [new TextContent("")] : contents))
        {
            ModelId = name,
            FinishReason = Reason(answer),
            Usage = Usage(answer),
        };
    }

    /// <inheritdoc cref="GetResponseAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var prompt = student.Prompt(Turns(messages));
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        // Whoever stops listening frees the place in the batch.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Write();
        var (splitter, id) = (Splitter(prompt), Guid.NewGuid().ToString("n"));
        ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents) { ModelId = name, ResponseId = id, MessageId = id };
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                foreach (var content in Contents(splitter, piece, last: false)) yield return Update([content]);
            var answer = await writing.ConfigureAwait(false);
            foreach (var content in Contents(splitter, "", last: true)) yield return Update([content]);
            var end = Update([new UsageContent(Usage(answer))]);
            end.FinishReason = Reason(answer);
            yield return end;
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
        }

        async Task<StudentAnswer> Write()
        {
            try
            {
                return await student.AnswerAsync(prompt, Generation(options, prompt), piece => pieces.Writer.TryWrite(piece), left.Token).ConfigureAwait(false);
            }
            finally
            {
                pieces.Writer.TryComplete();
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(student) ? student
        : null;

    public void Dispose() => student.Dispose();

    private ThoughtSplitter? Splitter(IReadOnlyList<int> prompt) => student.IsOurs ? null : new ThoughtSplitter(student.Thinks(prompt));

    private static IEnumerable<AIContent> Contents(ThoughtSplitter? splitter, string piece, bool last)
    {
        if (splitter is null) return piece.Length == 0 ? [] : [new TextContent(piece)];
        return splitter.Take(piece, last).Select(p => p.IsThought ? (AIContent)new TextReasoningContent(p.Text) : new TextContent(p.Text));
    }

    private static ChatFinishReason Reason(StudentAnswer answer) => answer.Stopped ? ChatFinishReason.Stop : ChatFinishReason.Length;

    private static UsageDetails Usage(StudentAnswer answer) =>
        new() { InputTokenCount = answer.PromptTokens, OutputTokenCount = answer.Tokens, TotalTokenCount = answer.PromptTokens + answer.Tokens };

    private GenerationOptions Generation(ChatOptions? options, IReadOnlyList<int> prompt) => _defaults with
    {
        MaxNewTokens = options?.MaxOutputTokens ?? _defaults.MaxNewTokens,
        Temperature = options?.Temperature ?? _defaults.Temperature,
        TopK = options?.TopK ?? _defaults.TopK,
        TopP = options?.TopP ?? _defaults.TopP,
        MinP = Number(options, MinP) ?? _defaults.MinP,
        MaxThinkingTokens = (int?)Number(options, MaxThinkingTokens) ?? _defaults.MaxThinkingTokens,
        StopTexts = options?.StopSequences is { } stops ? [.. stops] : _defaults.StopTexts,
        // Where a seed is set, whoever set it has counted question and sample in.
        Seed = options?.Seed ?? SeedOf(_defaults.Seed, prompt, CallProperties.Sample(options)),
    };

    /// <summary>The seed of one request: several samples of it must differ, and different questions must not make the same draws, or their errors would not be independent.</summary>
    internal static long SeedOf(long seed, IReadOnlyList<int> prompt, int sample) => (long)(SeededRandom.For(seed, string.Join(' ', prompt), sample).NextUInt64() >> 1);

    private static double? Number(ChatOptions? options, string name)
    {
        if (options?.AdditionalProperties?.TryGetValue(name, out var value) != true || value is null) return null;
        return value is IConvertible number and not (string or bool)
            ? number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)
            : throw new ArgumentException($"{name} is {value}; it must be a number.");
    }

    private static IReadOnlyList<ChatTurn> Turns(IEnumerable<ChatMessage> messages)
    {
        var turns = messages.Select(m => new ChatTurn(m.Role == ChatRole.Assistant ? ChatFormat.Assistant : m.Role == ChatRole.System ? ChatFormat.System : ChatFormat.User, m.Text)).ToList();
        return turns.Count == 0 ? throw new ArgumentException("A student needs at least one message to answer.") : turns;
    }
}
