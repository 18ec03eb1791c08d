using Citrus.Research.Evaluation.Statistics;

namespace Citrus.Research.Evaluation;

/// <summary>Runs compared pair by pair on the questions that they share.</summary>
/// <param name="Runs">As given.</param>
/// <param name="Common">Ids of the questions that every run has, in the first run's order.</param>
/// <param name="Pairs">Every pair of runs, in their order.</param>
/// <param name="Warnings">What a reader must know before believing a difference.</param>
/// <param name="Options">How they were compared.</param>
public sealed record RunComparison(
    IReadOnlyList<ComparedRun> Runs, IReadOnlyList<string> Common, IReadOnlyList<RunPair> Pairs, IReadOnlyList<string> Warnings, RunComparisonOptions Options)
{
    /// <exception cref="ArgumentException">Fewer than two runs, no question in common, or one id that means different questions.</exception>
    /// <param name="progress">Told the number of pairs done.</param>
    public static RunComparison Of(IReadOnlyList<ComparedRun> runs, RunComparisonOptions? options = null, IProgress<int>? progress = null)
    {
        options ??= new RunComparisonOptions();
        if (runs.Count < 2) throw new ArgumentException($"A comparison needs at least two runs; there {(runs.Count == 1 ? "is one" : "is none")}.", nameof(runs));
        if (runs.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"{twice.Count()} runs are called {twice.Key}; names must differ.", nameof(runs));
        var byId = runs.Select(r => r.Questions.Select((q, i) => (q, i)).ToDictionary(x => x.q.Id, x => x.i, StringComparer.Ordinal)).ToList();
        var common = runs[0].Questions.Where(q => byId.TrueForAll(ids => ids.ContainsKey(q.Id))).Select(q => q.Id).ToList();
        if (common.Count == 0)
            throw new ArgumentException($"The runs share no question id; they were asked other questions ({string.Join("; ", runs.Select(r => $"{r.Name}: {r.Questions[0].Id}, ..."))}). Evaluate both on the same file.", nameof(runs));
        foreach (var id in common) CheckSame(runs, byId, id);

        var rows = byId.Select(ids => common.ConvertAll(id => ids[id])).ToList();
        var right = runs.Select((r, k) => rows[k].ConvertAll(i => r.Right[i])).ToList();
        var means = runs.Select((r, k) => r.SampleMeans is { } m ? rows[k].ConvertAll(i => m[i]) : right[k].ConvertAll(x => x ? 1.0 : 0)).ToList();
        var chosen = runs.Select((r, k) => r.Choices is { } c ? rows[k].ConvertAll(i => c[i]) : null).ToList();
        var clusters = Clusters(runs[0], rows[0], options.ClusterTag);
        var pairs = new List<RunPair>();
        var count = runs.Count * (runs.Count - 1) / 2;
        for (var a = 0; a < runs.Count; a++)
            for (var b = a + 1; b < runs.Count; b++)
            {
                pairs.Add(Pair(runs[a], runs[b], right[a], right[b], runs[a].SampleMeans is null && runs[b].SampleMeans is null ? null : (means[a], means[b]), clusters, count, options) with
                {
                    Agreement = chosen[a] is { } first && chosen[b] is { } second ? CohenKappa.Of(first, second) : null,
                });
                progress?.Report(pairs.Count);
            }

        var adjusted = Holm.Adjust([.. pairs.Select(p => p.PValue)]);
        return new RunComparison(runs, common, [.. pairs.Select((p, i) => p with { HolmPValue = adjusted[i] })], Told(runs, common), options);
    }

    private static RunPair Pair(
        ComparedRun first, ComparedRun second, List<bool> a, List<bool> b, (List<double> First, List<double> Second)? samples, List<string>? clusters, int pairs, RunComparisonOptions options)
    {
        var confidence = 1 - options.Level;
        var (x, y) = (a.ConvertAll(r => r ? 1.0 : 0), b.ConvertAll(r => r ? 1.0 : 0));
        Difference Between(List<double> u, List<double> v) => clusters is null
            ? PairedBootstrap.Of(u, v, options.Resamples, options.Seed, confidence)
            : PairedBootstrap.Clustered(u, v, clusters, options.Resamples, options.Seed, confidence);
        var difference = Between(x, y);
        var test = McNemar.Of(a, b);
        var discordant = test.OnlyFirst + test.OnlySecond;
        var p = clusters is null ? test.PValue : difference.PValue;
        // At no true difference the paired difference of 0 and 1 has the discordant share as its variance; with clusters their own error stands for it.
        double? detectable = discordant == 0 ? null
            : clusters is null ? DetectableDifference.Of(a.Count, (double)discordant / a.Count, options.Level / pairs, options.Power)
            : DetectableDifference.OfError(StandardError.Clustered([.. x.Zip(y, (u, v) => u - v)], clusters), options.Level / pairs, options.Power);
        return new RunPair(first.Name, second.Name, a.Count, x.Average(), y.Average(), difference, test, clusters?.Distinct(StringComparer.Ordinal).Count() ?? a.Count,
            p, p, detectable, samples is { } s ? Between(s.First, s.Second) : null, null, first.Protocol == second.Protocol);
    }

    private static void CheckSame(IReadOnlyList<ComparedRun> runs, List<Dictionary<string, int>> byId, string id)
    {
        var question = runs[0].Questions[byId[0][id]];
        for (var k = 1; k < runs.Count; k++)
        {
            var other = runs[k].Questions[byId[k][id]];
            var what = question.Stem != other.Stem ? "stems" : !question.Options.SequenceEqual(other.Options) ? "options" : !question.Answers.SequenceEqual(other.Answers) ? "right answers" : null;
            if (what is not null)
                throw new ArgumentException($"Question {id} is not the same in {runs[0].Name} and {runs[k].Name}: the {what} differ. Only runs on the same version of a benchmark can be paired; score both against one question file with `citrus score`.");
        }
    }

    private static List<string>? Clusters(ComparedRun run, List<int> rows, string? tag)
    {
        if (tag is null) return null;
        var questions = rows.ConvertAll(i => run.Questions[i]);
        return questions.Exists(q => q.Tags.ContainsKey(tag))
            ? questions.ConvertAll(q => q.Tags.TryGetValue(tag, out var value) ? "tag " + value : "question " + q.Id)
            : throw new ArgumentException($"No question has the tag {tag}, so it cannot name clusters; the tags are {string.Join(", ", questions.SelectMany(q => q.Tags.Keys).Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty("none"))}.");
    }

    private static List<string> Told(IReadOnlyList<ComparedRun> runs, List<string> common)
    {
        var warnings = new List<string>();
        foreach (var run in runs.Where(r => r.Questions.Count > common.Count))
            warnings.Add($"{run.Name} has {run.Questions.Count - common.Count} of its {run.Questions.Count} questions for itself; they are left out here, so its accuracy is not the one on its own card.");
        foreach (var group in runs.GroupBy(r => r.Protocol).Skip(1))
            warnings.Add($"{string.Join(", ", group.Select(r => r.Name))} had another protocol ({group.Key}) than {runs[0].Name} ({runs[0].Protocol}): "
                + (group.All(r => r.Model == runs[0].Model) ? "the model is the same, so a difference is the protocol's." : "a difference is of model and protocol together and cannot be put down to either."));
        if (runs[0].Questions.Where(q => common.Contains(q.Id)).Select(q => q.Benchmark).Distinct(StringComparer.Ordinal).ToList() is { Count: > 1 } benchmarks)
            warnings.Add($"The questions are of {benchmarks.Count} benchmarks ({string.Join(", ", benchmarks.Select(b => b.Length == 0 ? "unnamed" : b))}), pooled: a large one outweighs a small one.");
        foreach (var run in runs.Where(r => r.Problems.Count > 0))
            warnings.Add($"{run.Name}: {run.Problems.Count} {(run.Problems.Count == 1 ? "thing does" : "things do")} not fit; {string.Join(" ", run.Problems.Take(3))}{(run.Problems.Count > 3 ? " ..." : "")}");
        return warnings;
    }
}
