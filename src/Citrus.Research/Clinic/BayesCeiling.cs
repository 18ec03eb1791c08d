using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>The best accuracy anyone can have on a set of clinic questions: the mean of the largest option posterior.</summary>
/// <param name="All">Over all questions, 0..1.</param>
/// <param name="ByKind">By <see cref="Question.Kind"/>, in ordinal order.</param>
/// <param name="Count">How many questions.</param>
public sealed record BayesCeiling(double All, IReadOnlyDictionary<string, double> ByKind, int Count)
{
    /// <exception cref="ArgumentException">There is no question.</exception>
    public static BayesCeiling Of(IEnumerable<ClinicQuestion> questions) => Of(questions.Select(q => (q.Kind, q.Ceiling)));

    /// <summary>As above, of questions that were saved and read again: from their tag <c>ceiling</c>.</summary>
    /// <exception cref="ArgumentException">There is no question, or one has no such tag.</exception>
    public static BayesCeiling Of(IEnumerable<Question> questions) => Of(questions.Select(q =>
        q.Tags.TryGetValue("ceiling", out var text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (q.Kind, value)
            : throw new ArgumentException($"Question {q.Id} has no tag `ceiling`; only clinic questions have one.")));

    private static BayesCeiling Of(IEnumerable<(string Kind, double Ceiling)> ceilings)
    {
        var all = ceilings.ToList();
        if (all.Count == 0) throw new ArgumentException("No question, no ceiling.");
        var byKind = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var kind in all.GroupBy(x => x.Kind)) byKind[kind.Key] = kind.Average(x => x.Ceiling);
        return new(all.Average(x => x.Ceiling), byKind, all.Count);
    }
}
