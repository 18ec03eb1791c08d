using System.Text.Json.Serialization;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What a data set is made of and how: <c>card.json</c>, and for people <c>card.md</c>. Holds no time, so that the same run gives the same card.</summary>
public sealed record DatasetCard
{
    public required string Pathway { get; init; }

    /// <summary>Specs of the experts by role; a role that nobody was asked in is not there.</summary>
    public required IReadOnlyDictionary<string, string> Experts { get; init; }

    /// <summary>SHA-256 (hex) of every prompt that was used, by set and name.</summary>
    public required IReadOnlyDictionary<string, string> Prompts { get; init; }

    public required CardQuestions Questions { get; init; }

    /// <summary>How many examples there are.</summary>
    public required int Kept { get; init; }

    /// <summary>Why the other questions gave none, by stage and reason.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Rejected { get; init; }

    /// <summary>Calls that gave no reply and cost their question, by fault.</summary>
    public required IReadOnlyDictionary<ExpertFault, int> Faults { get; init; }

    /// <summary>Examples in which a step was rejected and mended.</summary>
    public required int WithCaughtError { get; init; }

    /// <summary>Words (in Chinese, characters) of all assistant turns, tags included.</summary>
    public required long Words { get; init; }

    /// <summary>Of those, words with a loss weight above 0.</summary>
    public required long LearnedWords { get; init; }

    /// <summary>Calls of the pathway, those that left no step included.</summary>
    public required long Calls { get; init; }

    /// <summary>Replies of the pathway that deviated from the format but could be read.</summary>
    public required long Repaired { get; init; }

    /// <summary>Replies of the pathway that were asked for again.</summary>
    public required long Retried { get; init; }

    /// <summary>What each stage's calls took, rejected questions included. Of the pathway, what its steps tell.</summary>
    public required IReadOnlyDictionary<string, ExpertUse> Use { get; init; }

    /// <summary>US dollars of all calls; null (and named so in the readable card) where some call's price is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required double? Cost { get; init; }

    /// <summary>Labelling: how many open-ended stems came with the question, were written, or failed; null where nobody labelled.</summary>
    public CardLabels? Labels { get; init; }

    /// <summary>Examples by difficulty; <c>not measured</c> where it was not.</summary>
    public required IReadOnlyDictionary<string, int> Difficulty { get; init; }

    /// <summary>Examples by the label of their answer; <c>open</c> for free answers.</summary>
    public required IReadOnlyDictionary<string, int> AnswerLabels { get; init; }

    /// <summary>Examples by language.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Length of the thoughts in words (in Chinese, characters): least, tenth, median, ninetieth in a hundred, most; null where there is no thought.</summary>
    public CardLengths? Length { get; init; }

    /// <summary>Of the claims that can be checked, how many hold; null where the questions have no simulated case.</summary>
    public CardFaithfulness? Faithfulness { get; init; }

    public Corrections? Corrections { get; init; }

    /// <summary>What narratives were held to, and the test files that were looked for.</summary>
    public required CardFilters Filters { get; init; }

    /// <summary>Null where nobody stated one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Licence { get; init; }

    /// <summary>SHA-256 (hex) of every file of the folder that belongs to the run.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <param name="File">Name without folder.</param>
    /// <param name="Skipped">Lines that could not be read and were left out.</param>
    public sealed record CardQuestions(string File, string Sha256, int Asked, int Skipped);

    /// <param name="Given">Open stems that came with the question.</param>
    /// <param name="Written">Open stems that an expert wrote and the check passed.</param>
    /// <param name="Failed">Questions whose rewriting never passed.</param>
    /// <param name="Samples">Samples per answerer; 0 where difficulty was not measured.</param>
    /// <param name="WeakRate">Mean share of right samples of the weak answerer.</param>
    /// <param name="StrongRate">Mean share of right samples of the strong answerer.</param>
    public sealed record CardLabels(int Given, int Written, int Failed, int Samples, double? WeakRate, double? StrongRate);

    public sealed record CardLengths(int Least, int P10, int Median, int P90, int Most, double Mean);

    public sealed record CardFaithfulness(int Examples, long Claims, long Holds, double Fraction);

    public sealed record CardFilters(NarrativeFilterOptions Options, IReadOnlyDictionary<string, string> Against);

    /// <summary>Counts a run.</summary>
    /// <param name="written">Names of the data files.</param>
    public static DatasetCard Of(SynthesisPipelineOptions options, SynthesisOutcome made, IReadOnlyList<string> written)
    {
        var (words, learned) = (0L, 0L);
        foreach (var segment in made.Kept.SelectMany(k => k.Example.Turns[^1].Segments))
        {
            var n = LengthFilter.Of(segment.Text);
            (words, learned) = (words + n, learned + (segment.Weight > 0 ? n : 0));
        }

        var (examples, faithfulness, corrections) = Checked(options, made);
        var traces = made.Traces.OfType<Trace>().ToList();
        var use = new SortedDictionary<string, ExpertUse>(StringComparer.Ordinal)
        {
            ["label"] = made.Labels.OfType<QuestionLabel>().Aggregate(ExpertUse.None, (sum, l) => sum + l.Use),
            ["reason"] = traces.Aggregate(ExpertUse.None, (sum, t) => sum + ExpertUse.Of(t)),
            ["verify"] = made.Verified.OfType<VerifiedTrace>().Aggregate(ExpertUse.None, (sum, v) => sum + v.Use),
            ["narrate"] = made.Told.OfType<ToldTrace>().Aggregate(ExpertUse.None, (sum, t) => sum + t.Use),
        };
        return new DatasetCard
        {
            Pathway = options.Pathway,
            Experts = Roles(options, use),
            Prompts = PromptsOf(made),
            Questions = new(Path.GetFileName(options.QuestionsFile), options.QuestionsSha256, made.Questions.Count, options.SkippedLines),
            Kept = made.Kept.Count,
            Rejected = made.Rejected.GroupBy(r => r.Stage).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, int>)Counted(g.Select(r => r.Reason))),
            Faults = made.Problems.GroupBy(p => p.Fault).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count()),
            WithCaughtError = made.Kept.Count(k => k.Trace.Rejections > 0),
            Words = words,
            LearnedWords = learned,
            Calls = traces.Sum(t => (long)t.Calls),
            Repaired = traces.Sum(t => (long)t.Repaired),
            Retried = traces.Sum(t => (long)t.Retried),
            Use = use,
            Cost = use.Values.Aggregate(ExpertUse.None, (a, b) => a + b).WholeCost,
            Labels = LabelsOf(made),
            Difficulty = Counted(made.Kept.Select(k => k.Question.Tags.GetValueOrDefault(Synthesis.Difficulty.Tag) ?? "not measured")),
            AnswerLabels = Counted(made.Kept.Select(k => k.Trace.AnswerLabel ?? "open")),
            Languages = Counted(made.Kept.Select(k => QuestionLanguage.Of(k.Question))),
            Length = Lengths([.. made.Kept.Where(k => k.Narrative.Think.Count > 0).Select(k => LengthFilter.Of(k.Narrative.ThinkText)).Order()]),
            Faithfulness = faithfulness.Fraction is { } fraction ? new(examples, faithfulness.Claims, faithfulness.True, Math.Round(fraction, 4)) : null,
            Corrections = examples > 0 ? corrections : null,
            Filters = new(options.Filters, options.Against.ToDictionary(f => Path.GetFileName(f), Synthesis.Files.Sha256)),
            Licence = options.Licence,
            Files = written.Concat([SynthesisPipeline.QuestionsFile, SynthesisPipeline.LabelsFile, SynthesisPipeline.TracesFile, SynthesisPipeline.VerifiedFile, SynthesisPipeline.NarrativesFile, SynthesisPipeline.RejectedFile, SynthesisPipeline.ProblemsFile])
                .Where(f => File.Exists(Path.Combine(options.Folder, f))).ToDictionary(f => f, f => Synthesis.Files.Sha256(Path.Combine(options.Folder, f))),
        };
    }

    private static (int Examples, Faithfulness Faithfulness, Corrections Corrections) Checked(SynthesisPipelineOptions options, SynthesisOutcome made)
    {
        var (examples, faithfulness, corrections) = (0, Clinic.Faithfulness.None, new Corrections(0, 0, 0, 0));
        if (options.Knowledge is not { } knowledge) return (0, faithfulness, corrections);
        var check = new StepCheck(knowledge);
        // Only questions of this very world have a case whose posterior is known.
        foreach (var verdicts in made.Kept.Where(k => k.Question.Benchmark == knowledge.World).AsParallel().AsOrdered().Select(k => check.Check(k.Question, k.Narrative.ThinkText)))
        {
            (faithfulness, corrections, examples) = (faithfulness + verdicts.Faithfulness, corrections + verdicts.Corrections, examples + 1);
        }

        return (examples, faithfulness, corrections);
    }

    private static SortedDictionary<string, string> Roles(SynthesisPipelineOptions options, IReadOnlyDictionary<string, ExpertUse> use)
    {
        var roles = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["reasoning"] = options.Expert, ["reflection"] = options.Reflector ?? options.Expert };
        if (use["label"].Calls > 0) roles["rewriter"] = options.Rewriter ?? options.Expert;
        if (use["label"].Calls > 0 && options.Weak is { } weak) (roles["weak answerer"], roles["strong answerer"]) = (weak, options.Strong ?? options.Expert);
        if (use["verify"].Calls > 0) roles["checker"] = options.Checker ?? options.Reflector ?? options.Expert;
        if (use["narrate"].Calls > 0 && options.Narrator is { } narrator) roles["narrator"] = narrator;
        return roles;
    }

    private static SortedDictionary<string, string> PromptsOf(SynthesisOutcome made)
    {
        var used = made.Traces.OfType<Trace>().SelectMany(t => t.Steps).Select(s => s.PromptHash).ToHashSet(StringComparer.Ordinal);
        var names = new List<string>();
        if (made.Labels.Any(l => l is { Attempts: > 0 })) names.Add("rewriter");
        if (made.Labels.Any(l => l is { Samples: > 0 })) names.Add("answerer");
        if (made.Verified.Any(v => v is { Use.Calls: > 0 })) names.Add("checker");
        if (made.Told.Any(t => t is { Attempts: > 0 })) names.Add("narrator");
        foreach (var question in made.Questions)
            foreach (var name in names) used.Add(PromptCatalog.Default[PromptCatalog.SetOf(question, Register.Vignette)][name].Hash);
        var prompts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var set in PromptCatalog.Default.Sets)
            foreach (var name in PromptCatalog.Default[set].Names)
                if (PromptCatalog.Default[set][name].Hash is var hash && used.Contains(hash)) prompts[$"{set}/{name}"] = hash;
        return prompts;
    }

    private static CardLabels? LabelsOf(SynthesisOutcome made)
    {
        var labels = made.Labels.OfType<QuestionLabel>().ToList();
        if (labels.Count == 0) return null;
        double? Mean(Func<QuestionLabel, double?> rate) => labels.Select(rate).Average() is { } mean ? Math.Round(mean, 4) : null;
        return new(labels.Count(l => l is { Open: not null, Attempts: 0 }), labels.Count(l => l is { Open: not null, Attempts: > 0 }), labels.Count(l => l.Problem is not null), labels.Max(l => l.Samples), Mean(l => l.WeakRate), Mean(l => l.StrongRate));
    }

    private static CardLengths? Lengths(IReadOnlyList<int> sorted)
    {
        if (sorted.Count == 0) return null;
        int At(double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
        return new(sorted[0], At(0.1), At(0.5), At(0.9), sorted[^1], Math.Round(sorted.Average(), 1));
    }

    private static SortedDictionary<string, int> Counted(IEnumerable<string> names) => new(names.GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count()), StringComparer.Ordinal);
}
