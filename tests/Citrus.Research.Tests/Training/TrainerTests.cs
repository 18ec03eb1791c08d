using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class TrainerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static readonly TrainingOptions Short = new() { Steps = 25, WarmupSteps = 5 };

    [Fact]
    public void A_tiny_student_learns_to_copy()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var summary = Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(2000, 1), 16, 1), new TrainingOptions { Examples = 8000 }, cancellation: Stop);
        Assert.Equal(500, summary.Steps);
        Assert.Equal(8000, summary.Examples);
        Assert.True(summary.FinalLoss < 0.2, $"loss {summary.FinalLoss}");
        var unseen = Tiny.Copying(50, 2);
        var answers = Generator.Generate(student, [.. unseen.Select(s => s.Ids[..(s.Ids.ToList().IndexOf(3) + 1)])], new GenerationOptions { StopId = 1, MaxNewTokens = 10 }, cancellation: Stop);
        var right = unseen.Zip(answers, (s, a) => a.Stopped && a.Ids.SequenceEqual(s.Ids[(s.Ids.ToList().IndexOf(3) + 1)..^1])).Count(x => x);
        Assert.True(right >= 40, $"{right} of 50");
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_also_beside_another_training()
    {
        float[] Run(long seed)
        {
            using var student = new Decoder(Tiny.Config, seed);
            Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(300, seed), 16, seed), Short, cancellation: Stop);
            return Tiny.Weights(student);
        }

        var alone = Run(1);
        var together = new float[2][];
        Thread[] threads = [new(() => together[0] = Run(1)), new(() => together[1] = Run(2))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(alone, together[0]);
        Assert.NotEqual(alone, together[1]);
    }
}
