using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>An evaluation's accuracy on all questions, on those that training data does not hold, and on those that it holds.</summary>
public sealed record CleanScore
{
    /// <summary>The raw score: all questions of the benchmark.</summary>
    public required CleanPart All { get; init; }

    /// <summary>Questions that were not found in the training data; null where there is none.</summary>
    public required CleanPart? Clean { get; init; }

    /// <summary>Questions that were found in the training data; null where there is none.</summary>
    public required CleanPart? Contaminated { get; init; }

    /// <summary>Contaminated minus clean, where the true difference lies (95%; Newcombe, Statistics in Medicine 1998; 17: 873-890, method 10, from the two parts' intervals); null where a part is empty.</summary>
    /// <remarks>The parts hold different questions, so a difference may also come from one part being harder.</remarks>
    public Interval? Gap => Clean is { } clean && Contaminated is { } seen
        ? new Interval(
            seen.Accuracy - clean.Accuracy - Root(seen.Accuracy - seen.Interval.Low, clean.Interval.High - clean.Accuracy),
            seen.Accuracy - clean.Accuracy + Root(seen.Interval.High - seen.Accuracy, clean.Accuracy - clean.Interval.Low))
        : null;

    /// <summary>Questions that nothing was said to; they count as wrong.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Ids of samples that belong to no question; they count for nothing.</summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <param name="questions">The whole benchmark, in any order, ids differing.</param>
    /// <param name="samples">What was said; several to a question count by their mean.</param>
    /// <param name="isContaminated">By the question's place in <paramref name="questions"/>.</param>
    /// <exception cref="ArgumentException">There is no question, or an id comes twice.</exception>
    public static CleanScore Of(IReadOnlyList<Question> questions, IEnumerable<Sample> samples, Func<int, bool> isContaminated)
    {
        if (questions.Count == 0) throw new ArgumentException("A score needs at least one question.", nameof(questions));
        if (questions.GroupBy(q => q.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The id {twice.Key} is there {twice.Count()} times, so that a sample's question cannot be told.", nameof(questions));
        var said = samples.ToLookup(s => s.Question, s => s.Correct, StringComparer.Ordinal);
        var known = questions.Select(q => q.Id).ToHashSet(StringComparer.Ordinal);
        var all = questions.Select((q, i) => (Contaminated: isContaminated(i), Right: said[q.Id].Select(right => right ? 1.0 : 0).DefaultIfEmpty(0).Average())).ToList();
        var single = said.All(s => s.Count() == 1);
        return new CleanScore
        {
            All = CleanPart.Of([.. all.Select(q => q.Right)], single)!,
            Clean = CleanPart.Of([.. all.Where(q => !q.Contaminated).Select(q => q.Right)], single),
            Contaminated = CleanPart.Of([.. all.Where(q => q.Contaminated).Select(q => q.Right)], single),
            Missing = [.. questions.Select(q => q.Id).Where(id => !said.Contains(id))],
            Unknown = [.. said.Select(s => s.Key).Where(id => !known.Contains(id)).Order(StringComparer.Ordinal)],
        };
    }

    private static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
