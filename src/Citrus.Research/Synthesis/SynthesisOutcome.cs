using Citrus.Research.Examples;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What a run of the pipeline came to. Lists go with the questions, in their order; null where a stage has nothing for a question (yet).</summary>
public sealed record SynthesisOutcome
{
    /// <summary>The questions, with their labels.</summary>
    public required IReadOnlyList<Question> Questions { get; init; }

    public required IReadOnlyList<QuestionLabel?> Labels { get; init; }

    public IReadOnlyList<Trace?> Traces { get; init; } = [];

    public IReadOnlyList<VerifiedTrace?> Verified { get; init; } = [];

    public IReadOnlyList<ToldTrace?> Told { get; init; } = [];

    /// <summary>The examples that were written; empty where the run ended before the last stage.</summary>
    public IReadOnlyList<(Question Question, Trace Trace, Narrative Narrative, Example Example)> Kept { get; init; } = [];

    /// <summary>Why each other question gave none.</summary>
    public IReadOnlyList<Rejection> Rejected { get; init; } = [];

    /// <summary>Questions that an expert's fault cost.</summary>
    public IReadOnlyList<SynthesisProblem> Problems { get; init; } = [];

    /// <summary>Questions whose record of the (last) stage was there already.</summary>
    public int Resumed { get; init; }

    /// <summary>Of the stage that thinks.</summary>
    public int ResumedTraces { get; init; }

    /// <summary>Null where the run ended before the last stage.</summary>
    public DatasetCard? Card { get; init; }

    /// <summary>Files that were written, with their folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
