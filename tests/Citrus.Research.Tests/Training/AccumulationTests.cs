using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

/// <summary>A step may be computed in parts: what is learned is that of the whole.</summary>
public sealed class AccumulationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // AdamW at a small rate moves every weight by about the sign of its gradient; without a warm-up three steps show any difference in scale.
    private static readonly TrainingOptions Options = new() { Steps = 3, WarmupSteps = 0, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 1e-3, AdamEpsilon = 1e-3 } };

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Any_split_of_a_batch_into_parts_gives_the_same_weights(int seed)
    {
        var random = SeededRandom.For(seed, "split");
        var batches = Enumerable.Range(0, 3).Select(i => Weighed(Tiny.Copying(16, (10 * seed) + i), random)).ToList();
        var (whole, loss) = Train([.. batches], 1);
        const int parts = 4;
        var split = batches.SelectMany(b => Split(b, parts, random)).ToArray();
        var (pieces, other) = Train(split, parts);
        Assert.Equal(loss, other, 1e-5);
        Assert.All(whole.Zip(pieces), w => Assert.Equal(w.First, w.Second, 2e-5));
    }

    [Fact]
    public void One_part_is_the_batch_itself_bit_for_bit()
    {
        // A step of two parts, of which the second is not there.
        var batch = Tiny.Copying(16, 1);
        var (alone, with) = (Train([batch], 1), Train([batch], 2));
        Assert.Equal(alone.Weights, with.Weights);
        Assert.Equal(alone.Loss, with.Loss);
    }

    [Theory, InlineData("cpo-simpo"), InlineData("cpo"), InlineData("dpo")]
    public void Any_split_of_pairs_gives_the_same_weights(string loss)
    {
        var pairs = Pairs(12, 3);
        float[] Run(IReadOnlyList<TrainingPair>[] batches, int parts)
        {
            using var student = new Decoder(Tiny.Config, seed: 1);
            Trainer.Prefer(student, batches, PreferenceOptions.Named[loss], Options with { Steps = 1, Accumulate = parts }, cancellation: Stop);
            return Tiny.Weights(student);
        }

        var whole = Run([pairs], 1);
        Assert.All(whole.Zip(Run([[.. pairs.Take(1)], [.. pairs.Skip(1).Take(7)], [.. pairs.Skip(8)]], 3)), w => Assert.Equal(w.First, w.Second, 2e-5));
    }

    [Fact]
    public void A_row_that_is_masked_throughout_contributes_nothing()
    {
        var batch = Tiny.Copying(8, 1);
        var masked = batch.Append(new TrainingSequence([2, 5, 6, 3, 5, 6, 1], new float[7])).ToList();
        var (with, without) = (Train([masked], 1), Train([batch], 1));
        Assert.Equal(without.Loss, with.Loss, 1e-6);
        Assert.All(with.Weights.Zip(without.Weights), w => Assert.Equal(w.First, w.Second, 1e-6));
    }

    [Fact]
    public void A_step_that_is_masked_throughout_changes_nothing_and_is_a_number()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var before = Tiny.Weights(student);
        IReadOnlyList<TrainingSequence> nothing = [new TrainingSequence([2, 5, 1], new float[3])];
        var summary = Trainer.Train(student, [nothing, nothing], Options with { Steps = 1, Accumulate = 2 }, cancellation: Stop);
        Assert.Equal(0, summary.FinalLoss);
        Assert.Equal(before, Tiny.Weights(student));
    }

    [Fact]
    public void The_average_of_weights_lags_behind_them_and_is_what_training_ends_with()
    {
        float[] Run(double? decay)
        {
            using var student = new Decoder(Tiny.Config, seed: 1);
            Trainer.Train(student, Enumerable.Range(0, 3).Select(i => Tiny.Copying(16, i)), Options with { AverageDecay = decay }, cancellation: Stop);
            return Tiny.Weights(student);
        }

        using var fresh = new Decoder(Tiny.Config, seed: 1);
        var (start, end, mean) = (Tiny.Weights(fresh), Run(null), Run(0.999));
        Assert.Equal(end, Run(0)); // an average that forgets at once is the weights
        Assert.True(Distance(start, mean) < Distance(start, end));
        Assert.NotEqual(start, mean);
        static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum();
    }

    internal static List<TrainingPair> Pairs(int count, long seed) => [.. Tiny.Copying(4 * count, seed).Select(s =>
    {
        var rejected = s.Ids.ToArray();
        (rejected[^2], rejected[^3]) = (rejected[^3], rejected[^2]);
        return new TrainingPair(s, new TrainingSequence(rejected, s.Weights)) { Reference = (-3, -4) };
    }).Where(p => !p.Chosen.Ids.SequenceEqual(p.Rejected.Ids)).Take(count)];

    private static (float[] Weights, double Loss) Train(IReadOnlyList<TrainingSequence>[] batches, int parts)
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var summary = Trainer.Train(student, batches, Options with { Accumulate = parts }, cancellation: Stop);
        return (Tiny.Weights(student), summary.FinalLoss);
    }

    private static List<TrainingSequence> Weighed(List<TrainingSequence> batch, SeededRandom random) =>
        [.. batch.Select(s => new TrainingSequence(s.Ids, [.. s.Weights.Select(w => w * (float)(0.5 + random.NextDouble()))]))];

    private static IReadOnlyList<TrainingSequence>[] Split(List<TrainingSequence> batch, int parts, SeededRandom random)
    {
        var cuts = random.Sample(Enumerable.Range(1, batch.Count - 1).ToList(), parts - 1).Order().Prepend(0).Append(batch.Count).ToList();
        return [.. Enumerable.Range(0, parts).Select(i => (IReadOnlyList<TrainingSequence>)batch[cuts[i]..cuts[i + 1]])];
    }
}
