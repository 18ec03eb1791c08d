using Citrus.Research.Questions;

namespace Citrus.Research.Training;

/// <summary>Endless streams of batches, the same for a seed; <see cref="BatchStreams"/> are those that know their place.</summary>
public static class TrainingBatches
{
    /// <summary>Epoch after epoch in random order; sequences of like length share a batch, so that little is padding.</summary>
    /// <remarks>Each epoch leaves out the few that do not fill a batch (others each time); with fewer sequences than a batch takes, a batch is all of them.</remarks>
    public static IEnumerable<IReadOnlyList<TrainingSequence>> Shuffled(IReadOnlyList<TrainingSequence> sequences, int batchSize, long seed)
    {
        foreach (var batch in BatchStreams.Shuffled(sequences, batchSize, seed).ToEnd()) yield return batch;
    }

    /// <summary>The same for pairs.</summary>
    public static IEnumerable<IReadOnlyList<TrainingPair>> Shuffled(IReadOnlyList<TrainingPair> pairs, int batchSize, long seed)
    {
        foreach (var batch in BatchStreams.Shuffled(pairs, batchSize, seed).ToEnd()) yield return batch;
    }

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
}
