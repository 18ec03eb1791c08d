using Citrus.Research.Questions;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Evaluation;

/// <summary>Where an examination is kept and how it is run.</summary>
public sealed record ExaminationOptions
{
    /// <summary>Folder of the run; the caller holds it for itself.</summary>
    public required string Folder { get; init; }

    /// <summary>What the run is of. A folder of another run is refused.</summary>
    public required EvaluationCard Card { get; init; }

    /// <summary>The question as the model is to see it, e.g. shortened to what it reads; the same options. As it is by default.</summary>
    public Func<Question, Question> Shown { get; init; } = q => q;

    /// <summary>Requests in flight at once, at least 1. A student answers those in flight as one batch.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Most tokens of an output where the protocol does not say; null leaves it to the model's spec.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Is asked what an output means where no rule can tell; nobody where null.</summary>
    public IChatClient? Judge { get; init; }

    /// <summary>Told after every reply, from several threads, one at a time.</summary>
    public IProgress<ExaminationProgress>? Progress { get; init; }
}
