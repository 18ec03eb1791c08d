using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation.Statistics;

/// <summary>Two arms, each trained with several seeds, all on the same questions.</summary>
/// <remarks>
/// Two things vary: which questions were drawn, and which seeds trained the students. Pooling all answers as if each were a question of its own
/// would count every question once a seed and make the interval too narrow. So both are drawn anew: a resample draws questions with
/// replacement and, independently, seeds with replacement, and averages over the drawn cells (the pigeonhole bootstrap, Owen 2007,
/// Annals of Applied Statistics 1: 386-411, which errs on the wide side). Where both arms of a seed share base and data, the seed is drawn once
/// for both; else once for each arm. With one seed it is the paired bootstrap over questions and says nothing about seeds. With few seeds
/// the drawn spread between seeds is too small by (S - 1) / S in variance; <see cref="OverSeeds"/>, Student's t over the seeds' own
/// differences, does not have that fault but takes the questions as given. Read both.
/// </remarks>
/// <param name="Difference">First arm minus second over questions and seeds.</param>
/// <param name="OverSeeds">The seeds' own differences; for unpaired seeds in the order given.</param>
/// <param name="PerSeed">Difference of accuracy, seed by seed.</param>
public sealed record SeededComparison(Difference Difference, SeedMean OverSeeds, IReadOnlyList<double> PerSeed)
{
    /// <param name="first">Right or wrong, <c>[seed][question]</c>.</param>
    /// <param name="second">The same seeds (where paired) and questions in the same order.</param>
    /// <param name="seedsArePaired">Whether seed s of both arms shares its base and order of data.</param>
    public static SeededComparison Of(
        IReadOnlyList<IReadOnlyList<bool>> first, IReadOnlyList<IReadOnlyList<bool>> second, bool seedsArePaired = true,
        int resamples = 10_000, long seed = 1, double confidence = 0.95)
    {
        if (first.Count == 0 || first.Count != second.Count) throw new ArgumentException($"Both arms need the same number of seeds, at least one; they have {first.Count} and {second.Count}.");
        var questions = first[0].Count;
        foreach (var run in first.Concat(second)) Paired.Check(questions, run.Count);
        var seeds = first.Count;
        var a = Values(first);
        var b = Values(second);
        var random = SeededRandom.For(seed, "seeded comparison", seeds, questions, resamples, seedsArePaired ? 1 : 0);
        var (drawnFirst, drawnSecond) = (new int[seeds], new int[seeds]);
        var perSeed = Enumerable.Range(0, seeds).Select(s => (a[s].Sum() - b[s].Sum()) / questions).ToList();
        var difference = Bootstrap.Summarise(perSeed.Average(), resamples, confidence, () =>
        {
            for (var s = 0; s < seeds; s++)
            {
                drawnFirst[s] = random.Next(seeds);
                drawnSecond[s] = seedsArePaired ? drawnFirst[s] : random.Next(seeds);
            }

            var sum = 0.0;
            for (var i = 0; i < questions; i++)
            {
                var q = random.Next(questions);
                for (var s = 0; s < seeds; s++) sum += a[drawnFirst[s]][q] - b[drawnSecond[s]][q];
            }

            return sum / seeds / questions;
        });
        return new SeededComparison(difference, SeedMean.Of(perSeed, confidence), perSeed);
    }

    private static double[][] Values(IReadOnlyList<IReadOnlyList<bool>> runs) => [.. runs.Select(r => r.Select(x => x ? 1.0 : 0.0).ToArray())];
}
