using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class TrainingBatchesTests
{
    private static readonly List<TrainingSequence> Sequences = [.. Enumerable.Range(0, 100).Select(i => new TrainingSequence(Enumerable.Repeat(i, 2 + i * 37 % 50).ToArray()))];

    [Fact]
    public void An_epoch_shows_each_sequence_once_but_for_a_remainder()
    {
        var epoch = TrainingBatches.Shuffled(Sequences, 8, 1).Take(12).ToList();
        Assert.All(epoch, b => Assert.Equal(8, b.Count));
        Assert.Equal(96, epoch.SelectMany(b => b).Select(s => s.Ids[0]).Distinct().Count());
    }

    [Fact]
    public void Batches_repeat_for_a_seed_and_differ_between_epochs()
    {
        static string Text(IEnumerable<IReadOnlyList<TrainingSequence>> batches) => string.Join('|', batches.Select(b => string.Join(' ', b.Select(s => s.Ids[0]))));
        Assert.Equal(Text(TrainingBatches.Shuffled(Sequences, 8, 1).Take(30)), Text(TrainingBatches.Shuffled(Sequences, 8, 1).Take(30)));
        Assert.NotEqual(Text(TrainingBatches.Shuffled(Sequences, 8, 1).Take(12)), Text(TrainingBatches.Shuffled(Sequences, 8, 2).Take(12)));
        Assert.NotEqual(Text(TrainingBatches.Shuffled(Sequences, 8, 1).Take(12)), Text(TrainingBatches.Shuffled(Sequences, 8, 1).Skip(12).Take(12)));
    }

    [Fact]
    public void Sequences_of_a_batch_are_of_like_length()
    {
        var spread = TrainingBatches.Shuffled(Sequences, 8, 1).Take(12).Average(b => b.Max(s => s.Ids.Length) - b.Min(s => s.Ids.Length));
        Assert.True(spread < 8, $"mean spread {spread} of 50");
    }

    [Fact]
    public void A_few_sequences_make_one_batch_and_none_an_error()
    {
        Assert.Equal(3, TrainingBatches.Shuffled(Sequences[..3], 8, 1).First().Count);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => TrainingBatches.Shuffled(new List<TrainingSequence>(), 8, 1).First()).Message);
    }

    [Fact]
    public void Streams_mix()
    {
        var a = TrainingBatches.Shuffled(Sequences[..1], 1, 1);
        var b = TrainingBatches.Shuffled(Sequences[1..2], 1, 1);
        var mixed = a.MixedWith(b, 0.25, 7).Take(2000).Count(x => x[0].Ids[0] == 1);
        Assert.InRange(mixed, 420, 580);
    }
}
