using System.Security.Cryptography;
using System.Text;

namespace Citrus.Research.Questions;

/// <summary>What is in a set of questions, as far as it can be counted.</summary>
public sealed record QuestionStatistics
{
    private const int MostValues = 12;
    private const int MostProblems = 1000;

    /// <summary>Number of questions.</summary>
    public required int Questions { get; init; }

    /// <summary>Questions by the number of their options.</summary>
    public required IReadOnlyDictionary<int, int> Options { get; init; }

    /// <summary>How often each label is right; a question with several right options counts for each.</summary>
    public required IReadOnlyDictionary<string, int> Answers { get; init; }

    /// <summary>Questions with more than one right option.</summary>
    public required int SeveralAnswers { get; init; }

    /// <summary>Accuracy expected of a guess among the options, over all questions (fraction; one with several right options counts as its set being one of all sets that are not empty).</summary>
    public required double Chance { get; init; }

    /// <summary>Questions by language (<c>en</c>, <c>zh</c>).</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Questions by benchmark.</summary>
    public required IReadOnlyDictionary<string, int> Benchmarks { get; init; }

    /// <summary>Questions by split; those of none under an empty name.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>Shortest, median, mean and longest stem, in characters.</summary>
    public required (int Least, double Median, double Mean, int Most) StemLength { get; init; }

    /// <summary>Shortest, median, mean and longest option, in characters.</summary>
    public required (int Least, double Median, double Mean, int Most) OptionLength { get; init; }

    /// <summary>For each tag the number of its values and the most frequent of them with their numbers.</summary>
    public required IReadOnlyDictionary<string, (int Values, IReadOnlyList<(string Value, int Count)> Most)> Tags { get; init; }

    /// <summary>Questions that ask what an earlier one asks, word for word (case and blanks aside), with the same options in any order.</summary>
    public required IReadOnlyList<(string Id, string Earlier)> Duplicates { get; init; }

    /// <summary>What may be wrong with a question, though it can be read: an option said twice, a label that the question's own words make unlikely, and the like. At most a thousand.</summary>
    public required IReadOnlyList<(string Id, string Problem)> Problems { get; init; }

    /// <summary>Counts a set of questions.</summary>
    public static QuestionStatistics Of(IReadOnlyList<Question> questions)
    {
        var (duplicates, problems) = (new List<(string, string)>(), new List<(string, string)>());
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var chance = 0.0;
        foreach (var question in questions)
        {
            if (!seen.TryAdd(Key(question), question.Id)) duplicates.Add((question.Id, seen[Key(question)]));
            if (problems.Count < MostProblems) problems.AddRange(ProblemsOf(question).Select(p => (question.Id, p)));
            chance += question.Answers.Count == 1 ? 1.0 / question.Options.Count : 1 / (Math.Pow(2, question.Options.Count) - 1);
        }

        return new QuestionStatistics
        {
            Questions = questions.Count,
            Options = Count(questions.Select(q => q.Options.Count)),
            Answers = Count(questions.SelectMany(q => q.Answers)),
            SeveralAnswers = questions.Count(q => q.Answers.Count > 1),
            Chance = questions.Count == 0 ? 0 : chance / questions.Count,
            Languages = Count(questions.Select(QuestionLanguage.Of)),
            Benchmarks = Count(questions.Select(q => q.Benchmark)),
            Splits = Count(questions.Select(q => q.Split)),
            StemLength = Lengths([.. questions.Select(q => q.Stem.Length)]),
            OptionLength = Lengths([.. questions.SelectMany(q => q.Options.Select(o => o.Text.Length))]),
            Tags = questions.SelectMany(q => q.Tags).GroupBy(t => t.Key, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(
                g => g.Key,
                g =>
                {
                    var values = Count(g.Select(t => t.Value));
                    return (values.Count, (IReadOnlyList<(string, int)>)[.. values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(MostValues).Select(v => (v.Key, v.Value))]);
                },
                StringComparer.Ordinal),
            Duplicates = duplicates,
            Problems = problems,
        };
    }

    private static IEnumerable<string> ProblemsOf(Question question)
    {
        foreach (var twice in question.Options.GroupBy(o => o.Text.Trim(), StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            yield return $"options {string.Join(" and ", twice.Select(o => o.Label))} say the same (\"{Short(twice.Key)}\"){(twice.Any(o => question.Answers.Contains(o.Label)) && !twice.All(o => question.Answers.Contains(o.Label)) ? ", and only one of them is right" : "")}";
        var labels = question.Options.Select(o => o.Label).ToList();
        if (!labels.SequenceEqual(Enumerable.Range(0, labels.Count).Select(QuestionOptions.Label))) yield return $"the labels are {string.Join(", ", labels)}, not A, B, C and so on";
        if (question.Answers.Count == question.Options.Count) yield return "every option is right";
        if (question.Stem.Contains('\uFFFD') || question.Options.Any(o => o.Text.Contains('\uFFFD'))) yield return "a character was lost (\uFFFD) before the file was published or on the way";
        if (question.Stem.Trim().Length < 8) yield return $"the stem is very short (\"{Short(question.Stem.Trim())}\")";
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "..." : text;

    private static string Key(Question question)
    {
        var text = new StringBuilder(Plain(question.Stem));
        foreach (var option in question.Options.Select(o => Plain(o.Text)).Order(StringComparer.Ordinal)) text.Append('\n').Append(option);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string Plain(string text) => string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static SortedDictionary<T, int> Count<T>(IEnumerable<T> things)
        where T : notnull
    {
        var counts = new SortedDictionary<T, int>(typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default);
        foreach (var thing in things) counts[thing] = counts.GetValueOrDefault(thing) + 1;
        return counts;
    }

    private static (int Least, double Median, double Mean, int Most) Lengths(int[] lengths)
    {
        if (lengths.Length == 0) return (0, 0, 0, 0);
        Array.Sort(lengths);
        return (lengths[0], (lengths[(lengths.Length - 1) / 2] + lengths[lengths.Length / 2]) / 2.0, lengths.Average(), lengths[^1]);
    }
}
