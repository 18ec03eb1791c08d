using Citrus.Research.Training;
using CsCheck;

namespace Citrus.Research.Tests.Training;

public sealed class BatchStreamsTests
{
    private static readonly List<TrainingSequence> Sequences = [.. Enumerable.Range(0, 100).Select(i => new TrainingSequence(Enumerable.Repeat(i, 2 + (i * 37 % 50)).ToArray()))];

    private static readonly Func<IBatchStream<TrainingSequence>>[] Streams =
    [
        () => BatchStreams.Shuffled(Sequences, 8, 1),
        () => BatchStreams.Shuffled(Sequences[..3], 8, 1),
        () => BatchStreams.Packed(Sequences, 120, 1),
        () => BatchStreams.InOrder(() => Sequences, 7),
        () => BatchStreams.Shuffled(Sequences, 8, 1).MixedWith(BatchStreams.Packed(Sequences, 60, 2), 0.3, 3),
    ];

    [Fact]
    public void A_stream_goes_on_from_a_cursor_as_if_it_had_never_stopped() => Gen.Select(Gen.Int[0, Streams.Length - 1], Gen.Int[0, 60], Gen.Int[0, 60]).Sample((which, to, from) =>
    {
        var all = Text(Streams[which](), 70);
        var moved = Streams[which]();
        for (var i = 0; i < from; i++) moved.Next();
        Assert.Equal(from, moved.Position);
        moved.Seek(to);
        Assert.Equal(to, moved.Position);
        Assert.Equal(all.Skip(to).Take(5), Text(moved, 5));
    }, iter: 100);

    [Fact]
    public void The_cursors_stream_is_the_endless_one() =>
        Assert.Equal(TrainingBatches.Shuffled(Sequences, 8, 5).Take(30).Select(Line), Text(BatchStreams.Shuffled(Sequences, 8, 5), 30));

    [Fact]
    public void A_packed_epoch_shows_every_sequence_once_within_the_budget_and_the_next_in_other_company()
    {
        var stream = BatchStreams.Packed(Sequences, 120, 4);
        List<IReadOnlyList<TrainingSequence>> Epoch()
        {
            var (batches, seen) = (new List<IReadOnlyList<TrainingSequence>>(), 0);
            while (seen < Sequences.Count)
            {
                batches.Add(stream.Next());
                seen += batches[^1].Count;
            }

            return batches;
        }

        var (first, second) = (Epoch(), Epoch());
        foreach (var epoch in new[] { first, second })
        {
            Assert.Equal(Enumerable.Range(0, 100), epoch.SelectMany(b => b).Select(s => s.Ids[0]).Order());
            Assert.All(epoch, b => Assert.InRange(b.Sum(s => s.Ids.Length - 1), 1, 120));
            Assert.True(Packing.Utilisation([.. Sequences.Select(s => s.Ids.Length - 1)], epoch.Count, 120) > 0.9);
        }

        Assert.NotEqual(first.Select(Line), second.Select(Line));
    }

    [Fact]
    public void A_sequence_longer_than_a_batch_is_refused_with_the_mend() =>
        Assert.Contains("raise the tokens", Assert.Throws<ArgumentException>(() => BatchStreams.Packed(Sequences, 20, 1)).Message);

    private static List<string> Text(IBatchStream<TrainingSequence> stream, int count) => [.. Enumerable.Range(0, count).Select(_ => Line(stream.Next()))];

    private static string Line(IReadOnlyList<TrainingSequence> batch) => string.Join(' ', batch.Select(s => s.Ids[0]));
}
