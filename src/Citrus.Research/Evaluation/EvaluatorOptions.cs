using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Evaluation;

/// <summary>How questions are put to a model.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>What the model reads; the chart rendering by default.</summary>
    public Func<Question, string> Prompt { get; init; } = QuestionText.Chart;

    /// <summary>Questions in one batch; at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Questions in flight at once, for a chat client; at least 1.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Sent before the question to a chat client; none by default.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Sent with every question to a chat client; temperature 0 by default.</summary>
    public ChatOptions Chat { get; init; } = new() { Temperature = 0 };

    /// <summary>File of every sample, JSON Lines, written as answers come in; none by default.</summary>
    public string? SampleLog { get; init; }

    /// <summary>Take answers from a sample log that is there, where question and prompt are the same; else the log begins anew.</summary>
    public bool Resume { get; init; }

    /// <summary>How an option is written as a continuation of the prompt, for likelihoods.</summary>
    public Func<Option, string> Continuation { get; init; } = option => $" <answer> {option.Text} {option.Label} </answer>";
}
