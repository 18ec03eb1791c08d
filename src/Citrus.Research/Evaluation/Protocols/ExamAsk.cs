using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Protocols;

/// <summary>One request of a protocol for one question.</summary>
/// <param name="Shown">The question as the model sees it.</param>
/// <param name="Messages">What is sent, in order; the last is the user's.</param>
public sealed record ExamAsk(Question Shown, IReadOnlyList<SampleMessage> Messages)
{
    /// <inheritdoc cref="Sample.Variant"/>
    public string Variant { get; init; } = "";

    /// <inheritdoc cref="Sample.Repeat"/>
    public int Repeat { get; init; }

    /// <summary>Sampling temperature; null leaves it to the model's spec.</summary>
    public float? Temperature { get; init; }

    /// <summary>Most tokens of a thought; null does not bound it. A student's thought is ended there; an endpoint is asked to keep to it.</summary>
    public int? ThinkingTokens { get; init; }

    /// <summary>Most tokens of the output; null leaves it to the model's spec.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What each option is as a continuation of the messages; null where the model writes.</summary>
    public IReadOnlyList<string>? Continuations { get; init; }

    /// <summary>What each option's log-probability is divided by; null divides by nothing.</summary>
    public IReadOnlyList<double>? Divisors { get; init; }
}
