using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Two arms on the same questions, questions drawn anew with replacement (Efron 1979; percentile interval).</summary>
public static class PairedBootstrap
{
    /// <param name="first">One value per question, e.g. 1 for right and 0 for wrong.</param>
    /// <param name="second">The same questions in the same order.</param>
    /// <param name="resamples">At least 100; 10,000 steadies the second digit of the bounds.</param>
    /// <param name="seed">Same seed, same interval.</param>
    public static Difference Of(IReadOnlyList<double> first, IReadOnlyList<double> second, int resamples = 10_000, long seed = 1, double confidence = 0.95)
    {
        Paired.Check(first.Count, second.Count);
        var differences = first.Zip(second, (a, b) => a - b).ToArray();
        var random = SeededRandom.For(seed, "paired bootstrap", differences.Length, resamples);
        return Bootstrap.Summarise(differences.Average(), resamples, confidence, () =>
        {
            var sum = 0.0;
            for (var i = 0; i < differences.Length; i++) sum += differences[random.Next(differences.Length)];
            return sum / differences.Length;
        });
    }

    public static Difference Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second, int resamples = 10_000, long seed = 1, double confidence = 0.95) =>
        Of([.. first.Select(r => r ? 1.0 : 0.0)], [.. second.Select(r => r ? 1.0 : 0.0)], resamples, seed, confidence);

    /// <summary>As above where questions come in clusters (several about one case): whole clusters are drawn anew, so that what they share is not counted once a question.</summary>
    /// <param name="clusters">The cluster of each question.</param>
    public static Difference Clustered(
        IReadOnlyList<double> first, IReadOnlyList<double> second, IReadOnlyList<string> clusters, int resamples = 10_000, long seed = 1, double confidence = 0.95)
    {
        Paired.Check(first.Count, second.Count);
        Paired.Check(first.Count, clusters.Count);
        var groups = Enumerable.Range(0, first.Count).GroupBy(i => clusters[i], StringComparer.Ordinal).Select(g => (Sum: g.Sum(i => first[i] - second[i]), N: g.Count())).ToArray();
        var random = SeededRandom.For(seed, "clustered paired bootstrap", first.Count, groups.Length, resamples);
        return Bootstrap.Summarise(groups.Sum(g => g.Sum) / first.Count, resamples, confidence, () =>
        {
            var (sum, n) = (0.0, 0);
            for (var i = 0; i < groups.Length; i++)
            {
                var drawn = groups[random.Next(groups.Length)];
                sum += drawn.Sum;
                n += drawn.N;
            }

            return sum / n;
        });
    }
}
