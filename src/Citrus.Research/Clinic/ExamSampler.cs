using System.Globalization;
using Citrus.Research.Questions;

namespace Citrus.Research.Clinic;

/// <summary>Samples one question after the other; every question has a random stream of its own.</summary>
internal sealed class ExamSampler
{
    private const int Patience = 20_000;

    // Shares of attenders by age band; the posterior is given the band, so they only set the mixture.
    private static readonly double[] AgeShares = [0.1, 0.3, 0.3, 0.3];
    private static readonly (int Low, int High)[] Years = [(1, 17), (18, 39), (40, 64), (65, 89)];

    private readonly Knowledge _knowledge;
    private readonly ExamOptions _options;
    private readonly string _split;
    private readonly long _seed;
    private readonly IReadOnlyList<Department> _departments;
    private readonly IReadOnlyList<string> _kinds;
    private readonly Dictionary<string, List<string>> _outside;
    private readonly HeldOutPairs _held;
    private readonly VignetteWriter _vignettes;
    private readonly Dictionary<(Sex, AgeBand), ContextLaw> _byFrequency = [];
    private readonly Dictionary<(string, Sex, AgeBand), ContextLaw> _forTreatment = [];

    public ExamSampler(Knowledge knowledge, ExamOptions options, string split, long seed)
    {
        (_knowledge, _options, _split, _seed) = (knowledge, options, split, seed);
        _departments = [.. knowledge.Departments.Where(d => options.Departments?.Contains(d.Id) ?? true)];
        _kinds = options.Kinds ?? ExamOptions.KindsOf(knowledge);
        _outside = _departments.ToDictionary(d => d.Id, Outside);
        _held = new(knowledge);
        _vignettes = new(knowledge);
    }

    public ClinicQuestion Question(int index)
    {
        var random = SeededRandom.For(_seed, "exam", _knowledge.World, _split, index);
        var kind = _kinds[index % _kinds.Count];
        var id = string.Create(CultureInfo.InvariantCulture, $"{_knowledge.World}-{_split}-{_seed}-{index:D6}");
        for (var i = 0; i < Patience; i++)
        {
            if (Try(id, kind, random) is { } question) return question;
        }

        throw new InvalidOperationException($"No clear {kind} question in {Patience} cases; lower MinimumPosterior or MinimumMargin, or raise MaximumFindings.");
    }

    private ClinicQuestion? Try(string id, string kind, SeededRandom random)
    {
        var department = random.Pick(_departments);
        var sex = (Sex)random.Next(2);
        var age = (AgeBand)random.Weighted(AgeShares);
        var years = random.Between(Years[(int)age].Low, Years[(int)age].High);
        var disease = department.Diseases[random.Weighted([.. department.Diseases.Select(d => d.Prevalence[(sex, age)])])];

        var revealed = random.Sample(department.Panel, random.Between(_options.MinimumFindings, _options.MaximumFindings));
        var told = revealed.ConvertAll(f => new Observation(f, random.Chance(_knowledge.Likelihood(disease, f))));
        if (ExamSplit.Of(department.Id, told) != _split) return null;
        told.AddRange(random.Sample(_outside[department.Id], random.Between(0, _options.MaximumDistractors))
            .Select(f => new Observation(f, random.Chance(_knowledge.Findings[f].Background))));
        if (told.Count(o => o.Present) < _options.MinimumPresent) return null;
        random.Shuffle(told);

        var others = department.Diseases.Where(d => d != disease).ToList();
        var treatment = kind == QuestionKind.Treatment;
        List<Disease> candidates = [disease, .. random.Sample(others, (treatment ? _options.OptionCount / 2 : _options.OptionCount) - 1)];
        var context = Law(kind, disease, sex, age).Sample(random);
        // The question tells its candidates, so this drops it for what it tells; a treatment question of train never hints at a held-out pair.
        if (treatment && candidates.Any(c => !_held.Allowed(_split, c.Id, context))) return null;

        var posterior = Posterior.Of(_knowledge, department, sex, age, told);
        var weights = candidates.ConvertAll(c => posterior[c.Id] * Law(kind, c, sex, age).P(context));
        var total = weights.Sum();
        var best = candidates[weights.IndexOf(weights.Max())];
        if (weights.Max() / total < _options.MinimumPosterior) return null;
        if (!Clear(kind == QuestionKind.Diagnosis ? candidates : department.Diseases, best, sex, age, told)) return null;

        var texts = candidates.SelectMany(c => Texts(kind, c)).ToList();
        random.Shuffle(texts);
        var right = candidates.ConvertAll(c => Right(kind, c, context));
        var chances = texts.ConvertAll(t => candidates.Select((_, i) => right[i] == t ? weights[i] / total : 0).Sum());
        var patient = new Case
        {
            Id = id,
            Department = department.Id,
            Disease = disease.Id,
            Sex = sex,
            AgeYears = years,
            Observations = told,
            Context = context,
        };
        return Build(patient, kind, texts, chances, right[0]);
    }

    private ClinicQuestion Build(Case patient, string kind, List<string> texts, List<double> chances, string right)
    {
        var disease = _knowledge.Diseases[patient.Disease];
        var unseen = kind == QuestionKind.Treatment && _held.SplitOf(patient.Disease, patient.Context) is not null;
        var contraindicated = patient.Context is { } c && disease.FirstLine is { } first && _knowledge.Drugs[first].Avoid.Contains(c);
        var chart = new Question
        {
            Id = patient.Id,
            Stem = ChartStem.Of(patient, kind),
            Options = [.. texts.Select((t, i) => new Option(ChartWords.Labels[i], t))],
            Answers = [ChartWords.Labels[texts.IndexOf(right)]],
            Benchmark = _knowledge.World,
            Split = _split,
            Kind = kind,
            Tags = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["department"] = patient.Department,
                ["disease"] = patient.Disease,
                ["unseen"] = unseen ? "true" : "false",
                ["contraindicated"] = contraindicated ? "true" : "false",
                ["ceiling"] = chances.Max().ToString("0.######", CultureInfo.InvariantCulture),
            },
        };
        return new ClinicQuestion
        {
            Case = patient,
            Chart = chart,
            Vignette = chart with
            {
                Stem = _vignettes.Stem(patient, kind, SeededRandom.For(_seed, "vignette", patient.Id)),
                Options = [.. chart.Options.Select(o => o with { Text = Name(o.Text) })],
            },
            OptionPosterior = chart.Options.Select((o, i) => (o.Label, P: chances[i])).ToDictionary(x => x.Label, x => x.P, StringComparer.Ordinal),
            Unseen = unseen,
        };
    }

    private bool Clear(IReadOnlyList<Disease> pool, Disease best, Sex sex, AgeBand age, List<Observation> told)
    {
        var ranked = Fit.Rank(_knowledge, pool, sex, age, told);
        return ranked[1].Against - ranked[0].Against >= _options.MinimumMargin && (!_options.CountingAgrees || ranked[0].Disease == best);
    }

    private ContextLaw Law(string kind, Disease disease, Sex sex, AgeBand age)
    {
        if (kind != QuestionKind.Treatment)
        {
            if (!_byFrequency.TryGetValue((sex, age), out var any)) _byFrequency[(sex, age)] = any = ContextLaw.ByFrequency(_knowledge, sex, age);
            return any;
        }

        if (!_forTreatment.TryGetValue((disease.Id, sex, age), out var law))
            _forTreatment[(disease.Id, sex, age)] = law = ContextLaw.ForTreatment(_knowledge, disease, sex, age, _options, _held, _split);
        return law;
    }

    private static IEnumerable<string> Texts(string kind, Disease disease) => kind switch
    {
        QuestionKind.Diagnosis => [disease.Id],
        QuestionKind.Test => [disease.Confirm!],
        _ => [disease.FirstLine!, disease.SecondLine!],
    };

    private string Right(string kind, Disease disease, string? context) => kind switch
    {
        QuestionKind.Diagnosis => disease.Id,
        QuestionKind.Test => disease.Confirm!,
        _ => _knowledge.RightDrug(disease, context is null ? [] : [context]),
    };

    private string Name(string id) =>
        _knowledge.Diseases.TryGetValue(id, out var disease) ? disease.Name
        : _knowledge.Tests.TryGetValue(id, out var test) ? test.Name
        : _knowledge.Drugs[id].Name;

    // Findings that several departments share are what any clinician asks about; where a world has none to spare, anything outside serves.
    private List<string> Outside(Department department)
    {
        var uses = _knowledge.Departments.SelectMany(d => d.Panel).CountBy(f => f).ToDictionary(StringComparer.Ordinal);
        var outside = _knowledge.Findings.Keys.Except(department.Panel, StringComparer.Ordinal).OrderBy(f => f, StringComparer.Ordinal).ToList();
        var shared = outside.Where(f => uses.GetValueOrDefault(f) != 1).ToList();
        return shared.Count > 0 ? shared : outside;
    }
}
