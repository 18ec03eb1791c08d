using System.Globalization;
using Citrus.Research.Examples;

namespace Citrus.Research.Synthesis;

/// <summary>What a preference run made.</summary>
/// <param name="Selections">One a question, in the order of the questions.</param>
/// <param name="Candidates">All pairs that were set against each other, in the order of the questions, the worst rejected first.</param>
/// <param name="Problems">Calls of this run that gave nothing, by question and sample.</param>
public sealed record PreferenceResult(IReadOnlyList<PreferenceSelection> Selections, IReadOnlyList<PreferenceCandidate> Candidates, IReadOnlyList<PreferenceProblem> Problems)
{
    /// <summary>The pairs that hold, as training records with their scores; id <c>question/chosen-rejected</c>.</summary>
    public IReadOnlyList<Pair> Pairs => [.. Candidates.Where(c => c.Reason is null).Select(c => new Pair
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{c.Question.Id}/{c.Chosen.Sample}-{c.Rejected.Sample}"),
        Prompt = [new Turn("user", ExampleWriter.Ask(c.Question, ChartSynthesis.RegisterOf(c.Question)))],
        Chosen = c.Chosen.Text.Trim(),
        Rejected = c.Rejected.Text.Trim(),
        ChosenScore = c.Chosen.Score,
        RejectedScore = c.Rejected.Score,
    })];
}
