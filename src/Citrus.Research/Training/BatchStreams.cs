using Citrus.Research.Questions;

namespace Citrus.Research.Training;

/// <summary>The streams of batches there are; each the same for a seed.</summary>
public static class BatchStreams
{
    /// <summary>Batches among which sequences are sorted by length, in this number.</summary>
    private const int Chunk = 16;

    /// <summary>Sequences that are packed together, so that the bins of an epoch differ from those of the next.</summary>
    private const int Window = 8192;

    /// <summary>Epoch after epoch in random order; sequences of like length share a batch, so that little is padding.</summary>
    /// <remarks>Each epoch leaves out the few that do not fill a batch (others each time); with fewer sequences than a batch takes, a batch is all of them.</remarks>
    public static IBatchStream<TrainingSequence> Shuffled(IReadOnlyList<TrainingSequence> sequences, int batchSize, long seed) => Of(sequences, s => s.Ids.Length, batchSize, seed);

    /// <summary>The same for pairs.</summary>
    public static IBatchStream<TrainingPair> Shuffled(IReadOnlyList<TrainingPair> pairs, int batchSize, long seed) => Of(pairs, p => p.Chosen.Ids.Length + p.Rejected.Ids.Length, batchSize, seed);

    /// <summary>Epoch after epoch in random order, as many sequences a batch as fit into a budget of tokens (<see cref="Packing.BestFit"/>); every sequence once an epoch.</summary>
    /// <exception cref="ArgumentException">A sequence is longer than the budget, or there is none.</exception>
    public static IBatchStream<TrainingSequence> Packed(IReadOnlyList<TrainingSequence> sequences, int tokens, long seed) => Packed(sequences, s => s.Ids.Length - 1, tokens, seed);

    /// <summary>The same for pairs, of which both answers count.</summary>
    /// <inheritdoc cref="Packed(IReadOnlyList{TrainingSequence}, int, long)"/>
    public static IBatchStream<TrainingPair> Packed(IReadOnlyList<TrainingPair> pairs, int tokens, long seed) => Packed(pairs, p => p.Chosen.Ids.Length + p.Rejected.Ids.Length - 2, tokens, seed);

    /// <summary>Batches of a source read in its order, and again from its beginning when it ends.</summary>
    /// <param name="source">Begins the source anew; each time the same.</param>
    public static IBatchStream<TrainingSequence> InOrder(Func<IEnumerable<TrainingSequence>> source, int batchSize) => new SourceStream<TrainingSequence>(source, batchSize);

    /// <summary>Whole batches of another stream strewn in: each batch is from it with the given probability.</summary>
    public static IBatchStream<T> MixedWith<T>(this IBatchStream<T> main, IBatchStream<T> other, double probability, long seed) => new MixedStream<T>(main, other, probability, seed);

    /// <summary>The stream from where it is, without end.</summary>
    public static IEnumerable<IReadOnlyList<T>> ToEnd<T>(this IBatchStream<T> stream)
    {
        while (true) yield return stream.Next();
    }

    private static EpochStream<T> Of<T>(IReadOnlyList<T> all, Func<T, int> length, int batchSize, long seed)
    {
        if (batchSize < 1) throw new ArgumentException($"A batch size of {batchSize}; it must be at least 1.");
        return new EpochStream<T>(all, epoch =>
        {
            var random = SeededRandom.For(seed, "epoch", epoch);
            var order = Enumerable.Range(0, all.Count).ToList();
            random.Shuffle(order);
            if (all.Count <= batchSize) return [[.. order]];
            var whole = new List<int[]>();
            foreach (var chunk in order.Chunk(batchSize * Chunk))
            {
                var batches = chunk.OrderBy(i => length(all[i])).Chunk(batchSize).Where(b => b.Length == batchSize).ToList();
                random.Shuffle(batches);
                whole.AddRange(batches);
            }

            return whole;
        });
    }

    private static EpochStream<T> Packed<T>(IReadOnlyList<T> all, Func<T, int> length, int tokens, long seed)
    {
        var lengths = all.Select(length).ToArray();
        if (lengths.Length > 0 && lengths.Max() is var longest && longest > tokens)
            throw new ArgumentException($"A sequence of {longest} tokens in batches of {tokens}: raise the tokens of a batch, or cut or drop long records ({nameof(EncodingOptions)}.{nameof(EncodingOptions.MaxTokens)}).");
        return new EpochStream<T>(all, epoch =>
        {
            var random = SeededRandom.For(seed, "packed epoch", epoch);
            var order = Enumerable.Range(0, all.Count).ToList();
            random.Shuffle(order);
            var bins = order.Chunk(Window).SelectMany(window => Packing.BestFit([.. window.Select(i => lengths[i])], tokens).Select(bin => bin.Select(i => window[i]).ToArray())).ToList();
            random.Shuffle(bins);
            return bins;
        });
    }

    /// <summary>Epochs, each a list of batches of places.</summary>
    private sealed class EpochStream<T>(IReadOnlyList<T> all, Func<int, IReadOnlyList<int[]>> batchesOf) : IBatchStream<T>
    {
        private IReadOnlyList<int[]>? _batches;
        private int _epoch, _index;

        public long Position { get; private set; }

        public IReadOnlyList<T> Next()
        {
            if (all.Count == 0) throw new ArgumentException("There is nothing to learn from: the list of sequences is empty.");
            _batches ??= batchesOf(_epoch);
            while (_index >= _batches.Count) (_batches, _index) = (batchesOf(++_epoch), 0);
            Position++;
            return _batches[_index++].Select(i => all[i]).ToArray();
        }

        public void Seek(long position)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            (_epoch, Position) = (0, position);
            _batches = all.Count == 0 ? null : batchesOf(0);
            for (; _batches is not null && position >= _batches.Count; _batches = batchesOf(++_epoch)) position -= _batches.Count; // epochs may differ in length
            _index = (int)position;
        }
    }

    private sealed class SourceStream<T>(Func<IEnumerable<T>> source, int batchSize) : IBatchStream<T>
    {
        private IEnumerator<T[]>? _batches;

        public long Position { get; private set; }

        public IReadOnlyList<T> Next()
        {
            _batches ??= source().Chunk(batchSize).GetEnumerator();
            if (!_batches.MoveNext())
            {
                _batches.Dispose();
                _batches = source().Chunk(batchSize).GetEnumerator();
                if (!_batches.MoveNext()) throw new ArgumentException("There is nothing to learn from: the source is empty.");
            }

            Position++;
            return _batches.Current;
        }

        public void Seek(long position)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            if (position < Position || _batches is null)
            {
                _batches?.Dispose();
                (_batches, Position) = (null, 0);
            }

            while (Position < position) Next();
        }
    }

    private sealed class MixedStream<T> : IBatchStream<T>
    {
        private readonly IBatchStream<T> _main, _other;
        private readonly double _probability;
        private readonly long _seed;
        private SeededRandom _random;

        public MixedStream(IBatchStream<T> main, IBatchStream<T> other, double probability, long seed)
        {
            if (!(probability is >= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"A mixing probability of {probability}; it must be in [0, 1]."));
            (_main, _other, _probability, _seed, _random) = (main, other, probability, seed, SeededRandom.For(seed, "mix"));
        }

        public long Position { get; private set; }

        public IReadOnlyList<T> Next()
        {
            Position++;
            return (_random.Chance(_probability) ? _other : _main).Next();
        }

        public void Seek(long position)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            (_random, Position) = (SeededRandom.For(_seed, "mix"), position);
            var others = 0L;
            for (var i = 0L; i < position; i++) others += _random.Chance(_probability) ? 1 : 0;
            _main.Seek(position - others);
            _other.Seek(others);
        }
    }
}
