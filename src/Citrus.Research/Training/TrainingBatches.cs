using Citrus.Research.Questions;

namespace Citrus.Research.Training;

/// <summary>Endless streams of batches, the same for a seed.</summary>
public static class TrainingBatches
{
    /// <summary>Batches among which sequences are sorted by length, in this number.</summary>
    private const int Chunk = 16;

    /// <summary>Epoch after epoch in random order; sequences of like length share a batch, so that little is padding.</summary>
    /// <remarks>Each epoch leaves out the few that do not fill a batch (others each time); with fewer sequences than a batch takes, a batch is all of them.</remarks>
    public static IEnumerable<IReadOnlyList<TrainingSequence>> Shuffled(IReadOnlyList<TrainingSequence> sequences, int batchSize, long seed) =>
        Shuffled(sequences, s => s.Ids.Length, batchSize, seed);

    /// <summary>The same for pairs.</summary>
    public static IEnumerable<IReadOnlyList<TrainingPair>> Shuffled(IReadOnlyList<TrainingPair> pairs, int batchSize, long seed) =>
        Shuffled(pairs, p => p.Chosen.Ids.Length + p.Rejected.Ids.Length, batchSize, seed);

    /// <summary>Batches made of a source that has no end or is read once, in its order.</summary>
    public static IEnumerable<IReadOnlyList<TrainingSequence>> InOrder(IEnumerable<TrainingSequence> sequences, int batchSize)
    {
        foreach (var chunk in sequences.Chunk(batchSize)) yield return chunk;
    }

    /// <summary>Whole batches of another stream strewn in: each batch is from it with the given probability.</summary>
    public static IEnumerable<IReadOnlyList<TrainingSequence>> MixedWith(
        this IEnumerable<IReadOnlyList<TrainingSequence>> main, IEnumerable<IReadOnlyList<TrainingSequence>> other, double probability, long seed)
    {
        if (!(probability is >= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"A mixing probability of {probability}; it must be in [0, 1]."));
        var random = SeededRandom.For(seed, "mix");
        using var a = main.GetEnumerator();
        using var b = other.GetEnumerator();
        while (true)
        {
            var source = random.Chance(probability) ? b : a;
            if (!source.MoveNext()) yield break;
            yield return source.Current;
        }
    }

    private static IEnumerable<IReadOnlyList<T>> Shuffled<T>(IReadOnlyList<T> all, Func<T, int> length, int batchSize, long seed)
    {
        if (batchSize < 1) throw new ArgumentException($"A batch size of {batchSize}; it must be at least 1.");
        if (all.Count == 0) throw new ArgumentException("There is nothing to learn from: the list of sequences is empty.");
        for (var epoch = 0; ; epoch++)
        {
            var random = SeededRandom.For(seed, "epoch", epoch);
            var order = Enumerable.Range(0, all.Count).ToList();
            random.Shuffle(order);
            if (all.Count <= batchSize)
            {
                yield return order.Select(i => all[i]).ToArray();
                continue;
            }

            foreach (var chunk in order.Chunk(batchSize * Chunk))
            {
                var batches = chunk.OrderBy(i => length(all[i])).Chunk(batchSize).Where(b => b.Length == batchSize).ToList();
                random.Shuffle(batches);
                foreach (var batch in batches) yield return batch.Select(i => all[i]).ToArray();
            }
        }
    }
}
