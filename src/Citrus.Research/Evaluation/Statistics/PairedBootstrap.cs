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
}
