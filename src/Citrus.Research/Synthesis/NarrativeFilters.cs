using System.Globalization;
using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>All filters in their order: tags, language, leak, length, contamination, repetition.</summary>
/// <param name="options">The defaults where null.</param>
/// <param name="against">Test questions that no example may overlap; null checks against none.</param>
public sealed class NarrativeFilters(NarrativeFilterOptions? options = null, Contamination? against = null)
{
    public const string Contaminated = "contaminated";
    public const string NearDuplicate = "near duplicate";

    private readonly NarrativeFilterOptions _options = (options ?? new()).Validated();

    /// <summary>What is wrong with one narrative by itself; null where nothing is.</summary>
    /// <param name="asked">What the student is asked.</param>
    public static (string Reason, string Detail)? Find(string asked, Narrative narrative, NarrativeFilterOptions? options = null)
    {
        options ??= new();
        var thought = narrative.ThinkText;
        if (TagFilter.Find(thought, narrative.Answer) is { } tag) return (TagFilter.Reason, tag);
        if (LanguageFilter.Find(asked, thought + "\n" + narrative.Answer) is { } language) return (LanguageFilter.Reason, language);
        if (LeakFilter.Find(thought) is { } leak) return (LeakFilter.Reason, leak);
        return LengthFilter.Find(thought, options.MinLength, options.MaxLength);
    }

    /// <summary>Which of the examples stay, in their order, and why the others do not.</summary>
    public (IReadOnlyList<(Question Question, Narrative Narrative, Example Example)> Kept, IReadOnlyList<Rejection> Rejected) Apply(
        IEnumerable<(Question Question, Narrative Narrative, Example Example)> items)
    {
        var (kept, rejected) = (new List<(Question Question, Narrative Narrative, Example Example)>(), new List<Rejection>());
        void Reject(Question question, string reason, string detail) => rejected.Add(new(question.Id, "filter", reason, detail));
        foreach (var (item, found) in items.AsParallel().AsOrdered().Select(item => (item, Find(item.Example.Turns[0].Text, item.Narrative, _options))))
        {
            if (found is var (reason, detail)) Reject(item.Question, reason, detail);
            else kept.Add(item);
        }

        if (against is not null)
        {
            var hits = against.FindAll([.. kept.Select(k => (k.Example.Turns[0].Text, Whole(k.Example)))]);
            foreach (var (item, hit) in kept.Zip(hits))
                if (hit is not null) Reject(item.Question, Contaminated, $"{hit.Source}, question {hit.Question}: \"{hit.Words}\"");
            kept = [.. kept.Zip(hits).Where(x => x.Second is null).Select(x => x.First)];
        }

        var exact = new Dictionary<string, string>(StringComparer.Ordinal);
        var different = new List<(Question Question, Narrative Narrative, Example Example)>();
        foreach (var item in kept)
        {
            if (exact.TryAdd(Whole(item.Example), item.Question.Id)) different.Add(item);
            else Reject(item.Question, ChartSynthesis.Duplicate, "the same as " + exact[Whole(item.Example)]);
        }

        var prose = different.Where(d => d.Narrative.Register != Register.Chart).ToList();
        var repeats = _options.NearDuplicate >= 1 ? [] : NearDuplicates.Of([.. prose.Select(d => Whole(d.Example))], _options.NearDuplicate);
        var dropped = new HashSet<Example>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < repeats.Count; i++)
        {
            if (repeats[i] is not { } first) continue;
            dropped.Add(prose[i].Example);
            Reject(prose[i].Question, NearDuplicate, string.Create(CultureInfo.InvariantCulture, $"similarity of {_options.NearDuplicate} or more to {prose[first].Question.Id}"));
        }

        return ([.. different.Where(d => !dropped.Contains(d.Example))], rejected);
    }

    private static string Whole(Example example) => string.Join('\n', example.Turns.Select(t => t.Text));
}
