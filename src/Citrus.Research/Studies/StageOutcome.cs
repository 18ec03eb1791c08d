using Citrus.Research.Evaluation;
using Citrus.Research.Training;

namespace Citrus.Research.Studies;

/// <summary>A training stage that a student went through, and what the student was worth after it.</summary>
/// <param name="Stage">Name of the stage, e.g. <c>student-sft</c>.</param>
/// <param name="Unit">What its loss is measured in, with the data it is over.</param>
/// <param name="Summary">What training did; null where none took place (the student as it was found).</param>
/// <param name="Exam">The exam after it.</param>
public sealed record StageOutcome(string Stage, string Unit, TrainingSummary? Summary, Score Exam)
{
    /// <summary>How the loss went: steps taken and the mean loss since the point before; empty without training.</summary>
    public IReadOnlyList<(long Step, double Loss)> Curve => [.. (Summary?.Curve ?? []).Select(p => (p.Step, p.Loss))];

    /// <summary>The stage in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Stage}: {(Summary is { } done ? $"{done.Tokens:N0} tokens in {done.Seconds:0} s, loss {done.Curve[0].Loss:0.00} to {done.FinalLoss:0.00}; " : "")}names the right option in {Exam.ByName.Count} of {Exam.N} questions");
}
