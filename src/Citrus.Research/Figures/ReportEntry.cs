using Citrus.Research.Evaluation;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Figures;

/// <summary>What one run said to one question, once: a sample of an evaluation, or a trace of a synthesis.</summary>
/// <param name="Run">Index of the run.</param>
internal sealed record ReportEntry(int Run, ReportState State, string Chosen)
{
    public Sample? Sample { get; init; }

    public Trace? Trace { get; init; }

    public VerifiedTrace? Verdict { get; init; }

    public int Repeat { get; init; }

    /// <summary>False for an earlier trace of the same question, which is shown and not counted.</summary>
    public bool Counts { get; init; } = true;

    public ExtractionTier Tier => Sample?.Extracted.Tier ?? ExtractionTier.None;

    public double? Tokens => Sample is { } s ? s.OutputTokens : Sum(Trace?.Steps.Select(t => (double?)t.TokensOut));

    public double? LatencyMs => Sample is { } s ? s.LatencyMs : Sum(Trace?.Steps.Select(t => t.Latency));

    public static ReportEntry Of(int run, Sample sample) =>
        new(run, sample.Correct ? ReportState.Right : sample.Choice.Count == 0 ? ReportState.NoAnswer : ReportState.Wrong, string.Join("", sample.Choice)) { Sample = sample, Repeat = sample.Repeat };

    public static ReportEntry Of(int run, Question question, Trace trace, VerifiedTrace? verdict) =>
        new(run, StateOf(question, trace, verdict), trace.AnswerLabel ?? "") { Trace = trace, Verdict = verdict };

    private static ReportState StateOf(Question question, Trace trace, VerifiedTrace? verdict) =>
        verdict is { Kept: true } ? ReportState.Right
        : trace is { AnswerLabel: null, AnswerText: null } || trace.Unusable is not null ? ReportState.NoAnswer
        : verdict is null ? trace.AnswerLabel is { } label ? question.Answers.Contains(label) ? ReportState.Right : ReportState.Wrong : ReportState.Unchecked
        : verdict.Reason == Verification.Unchecked ? ReportState.Unchecked
        : ReportState.Wrong;

    // An absent count is not a zero: a sum over steps is told only where any step was counted.
    private static double? Sum(IEnumerable<double?>? values) => values?.Where(v => v is not null).ToList() is { Count: > 0 } counted ? counted.Sum() : null;
}
