using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>Runs to compare, as they lie in their folders.</summary>
public static class ComparedRuns
{
    /// <summary>The run in a folder; a sweep gives one for each of its values.</summary>
    /// <param name="name">What to call it.</param>
    public static IReadOnlyList<ComparedRun> Of(EvaluationFolder folder, string name)
    {
        var several = Ballot.Several(folder.Questions);
        return [.. folder.Parts.Select(part =>
        {
            var samples = folder.Samples.Where(s => part.Variant.Length == 0 || s.Variant == part.Variant).GroupBy(s => s.Question, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.DistinctBy(s => (s.Variant, s.Repeat)).ToList(), StringComparer.Ordinal);
            double Mean(Question q) => samples.GetValueOrDefault(q.Id) is { Count: > 0 } own ? own.Average(s => Ballot.Read(q, s, several).Correct ? 1.0 : 0) : 0;
            return new ComparedRun(part.Variant.Length == 0 ? name : $"{name} {part.Variant}", folder.Model, folder.Protocol, folder.Questions,
                [.. part.Predictions.Select(p => p.Correct)], part.Spread is null ? null : [.. folder.Questions.Select(Mean)], [.. folder.Problems.Select(p => p.Text)]);
        })];
    }
}
