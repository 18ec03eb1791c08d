using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Figures;

/// <summary>One run as a report shows it: an evaluation (its samples) or a synthesis (its traces).</summary>
/// <remarks>From a folder by <see cref="Open"/>, or made in a notebook from what is in memory.</remarks>
public sealed record ReportRun
{
    /// <summary>What the run is called on the page; differs between the runs of a page.</summary>
    public required string Name { get; init; }

    /// <summary>Who answered; empty where nobody says.</summary>
    public string Model { get; init; } = "";

    /// <summary>How it was asked and scored.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The questions as they were asked. Their number is the denominator of every share.</summary>
    public required IReadOnlyList<Question> Questions { get; init; }

    /// <summary>What was said; several of one question are told apart by repeat and variant. Empty for a synthesis.</summary>
    public IReadOnlyList<Sample> Samples { get; init; } = [];

    /// <summary>How it was thought: a synthesis run's traces; of several of one question the last counts and all are shown.</summary>
    public IReadOnlyList<Trace> Traces { get; init; } = [];

    /// <summary>Whether the traces end right.</summary>
    public IReadOnlyList<VerifiedTrace> Verified { get; init; } = [];

    /// <summary>The headline as the run itself counted it (a vote, say); null counts the samples.</summary>
    public Rate? Counted { get; init; }

    /// <summary>What is wrong with the inputs, in sentences; shown on the page.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether the traces are the run, and not something beside its samples.</summary>
    public bool IsSynthesis => Samples.Count == 0 && Traces.Count > 0;

    /// <summary>Reads the folder of an evaluation (<c>samples.jsonl</c>, <c>questions.jsonl</c>, <c>score.json</c>) or of a synthesis (<c>traces.jsonl</c>, <c>questions.jsonl</c>, <c>verified.jsonl</c>).</summary>
    /// <param name="folder">The folder; it is only read, and may belong to a run that goes on.</param>
    /// <param name="questions">The questions' file where the folder has none of its own.</param>
    /// <param name="options">How much may be read.</param>
    /// <exception cref="InvalidDataException">A file is broken or too large; the message names file and line.</exception>
    /// <exception cref="FileNotFoundException">It is no folder of a run; the message says what is missing.</exception>
    public static ReportRun Open(string folder, string? questions = null, ReportOptions? options = null) =>
        ReportFolder.Read(folder, questions, new ReportBudget(options ?? new ReportOptions()));
}
