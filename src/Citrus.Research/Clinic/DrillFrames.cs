using Citrus.Research.Examples;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>Question frames without medical content, shared by the drills.</summary>
internal sealed class DrillFrames
{
    private readonly Knowledge _knowledge;
    private readonly int _options;
    private readonly Dictionary<string, List<string>> _pools;
    private readonly List<string> _kinds;

    public DrillFrames(Knowledge knowledge, int options)
    {
        _knowledge = knowledge;
        _options = options;
        _pools = new Dictionary<string, List<string>>
        {
            [QuestionKind.Diagnosis] = Sorted(knowledge.Diseases.Keys),
            [QuestionKind.Test] = Sorted(knowledge.Tests.Keys),
            [QuestionKind.Treatment] = Sorted(knowledge.Drugs.Keys),
        };
        _kinds = [.. QuestionKind.All.Where(k => _pools[k].Count >= options)];
        Contexts = Sorted(knowledge.Contexts.Keys);
        Drugs = Sorted(knowledge.Drugs.Keys);
        Findings = Sorted(knowledge.Findings.Keys);
    }

    public List<string> Findings { get; }

    public List<string> Contexts { get; }

    /// <summary>Empty in a world without treatments.</summary>
    public List<string> Drugs { get; }

    /// <summary>A stem that tells these findings, each present or absent at random, and options: half the time of one department, as exams have them.</summary>
    public (string Stem, List<Option> Options) Question(SeededRandom random, IReadOnlyList<string> findings, string? department = null)
    {
        var kind = random.Pick(_kinds);
        var frame = new Case
        {
            Id = "",
            Department = department ?? random.Pick(_knowledge.Departments).Id,
            Disease = "",
            Sex = (Sex)random.Next(2),
            AgeYears = random.Between(1, 89),
            Observations = [.. findings.Select(f => new Observation(f, random.Chance(0.5)))],
            Context = Contexts.Count > 0 && random.Chance(0.7) ? random.Pick(Contexts) : null,
        };
        var near = Near(kind, frame.Department);
        var pool = random.Chance(0.5) && near.Count >= _options ? near : _pools[kind];
        return (ChartStem.Of(frame, kind), [.. random.Sample(pool, _options).Select((t, i) => new Option(ChartWords.Labels[i], t))]);
    }

    public static Example Example(string id, string stem, IReadOnlyList<Option> options, IReadOnlyList<Segment> segments)
    {
        var question = new Question { Id = id, Stem = stem, Options = options, Answers = [options[0].Label] };
        return new Example { Id = id, Source = "drill", Turns = [new Turn("user", QuestionText.Chart(question)), new Turn("assistant", segments)] };
    }

    private List<string> Near(string kind, string department)
    {
        var diseases = _knowledge.Departments.First(d => d.Id == department).Diseases;
        return [.. (kind switch
        {
            QuestionKind.Diagnosis => diseases.Select(d => d.Id),
            QuestionKind.Test => diseases.Select(d => d.Confirm!),
            _ => diseases.SelectMany(d => new[] { d.FirstLine!, d.SecondLine! }),
        }).Distinct()];
    }

    private static List<string> Sorted(IEnumerable<string> ids) => [.. ids.OrderBy(i => i, StringComparer.Ordinal)];
}
