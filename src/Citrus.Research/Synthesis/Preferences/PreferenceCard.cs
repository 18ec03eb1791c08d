using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>What a set of preference pairs was made from, what was left out and why, and how far its judges can be trusted: card.json.</summary>
public sealed record PreferenceCard
{
    /// <summary>Kept samples, none: their question gives no pair.</summary>
    public const string NoneKept = "no sample kept";

    /// <summary>Samples, but none of them good.</summary>
    public const string NoneGood = "no good sample";

    /// <summary>Good samples only.</summary>
    public const string NoneBad = "no bad sample";

    /// <summary>Candidates, but none that holds.</summary>
    public const string NoneHolds = "no candidate holds";

    /// <summary>At least one pair.</summary>
    public const string Paired = "paired";

    public required string Sampler { get; init; }

    public required string Judge { get; init; }

    public required string Matcher { get; init; }

    /// <summary>Null where the sampler's spec decided.</summary>
    public float? Temperature { get; init; }

    public required double MinimumScore { get; init; }

    public required int Worst { get; init; }

    /// <summary>Characters.</summary>
    public required int MinimumThought { get; init; }

    /// <summary>Hashes of the prompts, by set and name.</summary>
    public required IReadOnlyDictionary<string, string> Prompts { get; init; }

    /// <summary>Questions by what came of them; together, those asked.</summary>
    public required IReadOnlyDictionary<string, int> Questions { get; init; }

    /// <summary>Samples asked for.</summary>
    public required int SamplesAsked { get; init; }

    /// <summary>Samples that cost a fault: no answer, no option or no score came. With kept and rejected, those asked for.</summary>
    public required int SamplesFailed { get; init; }

    public required int SamplesKept { get; init; }

    /// <summary>Samples that the filters left out, by reason.</summary>
    public required IReadOnlyDictionary<string, int> SamplesRejected { get; init; }

    /// <summary>Samples by how their option was found: a rule's tier, <c>matcher</c>, or <c>unknown</c>.</summary>
    public required IReadOnlyDictionary<string, int> Options { get; init; }

    /// <summary>Of the samples whose option is known, those that are right.</summary>
    public required ShareWithInterval Right { get; init; }

    /// <summary>Mean score of all samples that came, 0-100; null where none did.</summary>
    public required double? MeanScore { get; init; }

    /// <summary>Pairs that were set against each other.</summary>
    public required int Candidates { get; init; }

    /// <summary>Of those, the pairs that hold and were written.</summary>
    public required int Pairs { get; init; }

    /// <summary>The others, by reason. With the pairs, the candidates.</summary>
    public required IReadOnlyDictionary<string, int> CandidatesRejected { get; init; }

    public required PositionBias Position { get; init; }

    public required JudgeAgreement Agreement { get; init; }

    /// <summary>Of all samples and verdicts here, those of earlier runs included; calls that gave nothing are in the ledger alone.</summary>
    public required PreferenceUsage Usage { get; init; }

    /// <summary>Calls of the last run that gave nothing, by fault.</summary>
    public required IReadOnlyDictionary<string, int> Problems { get; init; }

    /// <summary>The card of a result.</summary>
    public static PreferenceCard Of(PreferenceResult result, PreferenceRunOptions options)
    {
        var samples = result.Selections.SelectMany(s => s.Kept.Concat(s.Rejected.Select(r => r.Sample))).ToList();
        var paired = result.Candidates.Where(c => c.Reason is null).Select(c => c.Question.Id).ToHashSet(StringComparer.Ordinal);
        var prompts = options.Prompts ?? PromptCatalog.Default;
        var sets = result.Selections.Select(s => PromptCatalog.SetOf(s.Question, Register.Vignette)).Distinct().Order();
        string[] names = options.BareQuestion ? ["matcher", "pointwise", "pairwise"] : ["sampler", "matcher", "pointwise", "pairwise"];
        var known = samples.Where(s => s.Right is not null).ToList();
        var verdicts = result.Candidates.SelectMany(c => (PreferenceVerdict?[])[c.ChosenFirst, c.RejectedFirst]).OfType<PreferenceVerdict>();
        return new PreferenceCard
        {
            Sampler = options.SamplerSpec,
            Judge = options.JudgeSpec,
            Matcher = options.MatcherSpec,
            Temperature = options.Temperature,
            MinimumScore = options.MinimumScore,
            Worst = options.Worst,
            MinimumThought = options.MinimumThought,
            Prompts = sets.SelectMany(s => names.Select(n => (Key: $"{s}/{n}", prompts[s][n].Hash))).ToDictionary(p => p.Key, p => p.Hash),
            Questions = Counted(result.Selections, s => paired.Contains(s.Question.Id) ? Paired : s.Kept.Count == 0 ? NoneKept : s.Best is null ? NoneGood : s.Worst.Count == 0 ? NoneBad : NoneHolds),
            SamplesAsked = result.Selections.Count * options.Samples,
            SamplesFailed = (result.Selections.Count * options.Samples) - samples.Count,
            SamplesKept = result.Selections.Sum(s => s.Kept.Count),
            SamplesRejected = Counted(result.Selections.SelectMany(s => s.Rejected), r => r.Reason),
            Options = Counted(samples, s => s.Option is null ? "unknown" : s.Matched ? "matcher" : s.Tier.ToString()),
            Right = ShareWithInterval.Of(known.Count(s => s.Right == true), known.Count),
            MeanScore = samples.Count == 0 ? null : Math.Round(samples.Average(s => s.Score), 2),
            Candidates = result.Candidates.Count,
            Pairs = result.Candidates.Count(c => c.Reason is null),
            CandidatesRejected = Counted(result.Candidates.Where(c => c.Reason is not null), c => c.Reason!),
            Position = PositionBias.Of(result.Candidates),
            Agreement = JudgeAgreement.Of(samples, result.Candidates, options.MinimumScore),
            Usage = samples.Select(s => s.Usage).Concat(verdicts.Select(v => v.Usage)).Aggregate(PreferenceUsage.None, (a, b) => a + b),
            Problems = Counted(result.Problems, p => p.Fault),
        };
    }

    private static SortedDictionary<string, int> Counted<T>(IEnumerable<T> items, Func<T, string> reason) => new(items.CountBy(reason).ToDictionary(), StringComparer.Ordinal);
}
