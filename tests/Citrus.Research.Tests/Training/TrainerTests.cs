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
    public void In_bfloat16_it_learns_as_much()
    {
        double Loss(ComputePrecision precision)
        {
            using var student = new Decoder(Tiny.Config, seed: 1);
            return Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(2000, 1), 16, 1), new TrainingOptions { Examples = 4800, Precision = precision }, cancellation: Stop).FinalLoss;
        }

        var (exact, rounded) = (Loss(ComputePrecision.Float32), Loss(ComputePrecision.BFloat16));
        Assert.NotEqual(exact, rounded);
        Assert.True(rounded < 1.3 * exact + 0.05, $"{exact} against {rounded}");
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

    [Theory, InlineData(ComputePrecision.Float32), InlineData(ComputePrecision.BFloat16)]
    public void Garbage_collections_in_the_middle_of_a_step_change_nothing(ComputePrecision precision)
    {
        float[] Run()
        {
            using var student = new Decoder(Tiny.Config, 1);
            Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(300, 1), 16, 1), Short with { Steps = 60, Precision = precision }, cancellation: Stop);
            return Tiny.Weights(student);
        }

        var quiet = Run();
        using var done = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Assert.Equal(quiet, Run());
        }
        finally
        {
            done.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Preference_training_makes_the_chosen_answers_likelier_than_the_rejected()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var pairs = Tiny.Copying(200, 1).Select(s =>
        {
            var rejected = s.Ids.ToArray();
            (rejected[^2], rejected[^3]) = (rejected[^3], rejected[^2]);
            return new TrainingPair(s, new TrainingSequence(rejected, s.Weights));
        }).Where(p => !p.Chosen.Ids.SequenceEqual(p.Rejected.Ids)).ToList();
        var options = new TrainingOptions { Steps = 150, CurvePoints = 10, Optimizer = new OptimizerOptions { ClipNorm = 1 } };
        var summary = Trainer.Prefer(student, TrainingBatches.Shuffled(pairs, 16, 1), new PreferenceOptions { Beta = 5, Gamma = 1, Alpha = 1 }, options, cancellation: Stop);
        Assert.True(summary.PreferenceAccuracy > 0.75, $"accuracy {summary.PreferenceAccuracy}");
        Assert.True(summary.FinalLoss < summary.Curve[0].Loss);
    }

    [Fact]
    public void Replay_is_learned_beside_the_pairs()
    {
        // Pairs that say nothing about copying; without replay copying is not learned.
        var pairs = Enumerable.Range(5, 8).Select(i => new TrainingPair(new TrainingSequence([4, i, 1], [0, 1, 1]), new TrainingSequence([4, i + 1, 1], [0, 1, 1]))).ToList();
        var copying = Tiny.Copying(400, 1);
        double Copies(bool replay)
        {
            using var student = new Decoder(Tiny.Config, seed: 1);
            Trainer.Prefer(student, TrainingBatches.Shuffled(pairs, 8, 1), new PreferenceOptions { Alpha = 1 }, new TrainingOptions { Steps = 200, Optimizer = new OptimizerOptions { ClipNorm = 1 } },
                replay ? TrainingBatches.Shuffled(copying, 16, 1) : null, cancellation: Stop);
            return Likelihood.PerToken(student, [.. Tiny.Copying(50, 2).Select(s => (s, Asked: Array.IndexOf(s.Ids, 3) + 1)).Select(x => ((IReadOnlyList<int>)x.s.Ids[..x.Asked], (IReadOnlyList<int>)x.s.Ids[x.Asked..]))]).Average(l => l.Average());
        }

        Assert.True(Copies(true) > Copies(false) + 1);
    }

    [Fact]
    public void A_budget_in_tokens_ends_within_a_batch_of_it()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var reports = new List<TrainingProgress>();
        var summary = Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(100, 1), 16, 1), new TrainingOptions { Tokens = 1000, CurvePoints = 4 }, reports.Add, Stop);
        Assert.InRange(summary.Tokens, 1000, 1000 + 16 * 12);
        Assert.InRange(summary.Curve.Count, 3, 4);
        Assert.Equal(1, reports[^1].Fraction);
        Assert.Equal(summary.Steps, reports[^1].Step);
        Assert.True(summary.LossTokens < summary.Tokens);
    }

    [Fact]
    public void Cancelling_stops_between_steps()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        using var source = new CancellationTokenSource();
        var seen = 0;
        IEnumerable<IReadOnlyList<TrainingSequence>> Batches()
        {
            foreach (var batch in TrainingBatches.Shuffled(Tiny.Copying(100, 1), 16, 1))
            {
                if (++seen == 4) source.Cancel();
                yield return batch;
            }
        }

        Assert.Throws<OperationCanceledException>(() => Trainer.Train(student, Batches(), Short, cancellation: source.Token));
        Assert.Equal(4, seen);
        Assert.All(Tiny.Weights(student), w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void A_training_that_runs_away_stops_with_the_mend()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        var wild = Short with { Steps = 200, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 1e30 } };
        var failure = Assert.Throws<TrainingFailedException>(() => Trainer.Train(student, TrainingBatches.Shuffled(Tiny.Copying(100, 1), 16, 1), wild, cancellation: Stop));
        Assert.Contains("lower the learning rate", failure.Message);
    }

    [Theory]
    [InlineData("budget", null, 0.5, 0.003)]
    [InlineData("DecayFraction", 5L, 1.5, 0.003)]
    [InlineData("AdamRate", 5L, 0.5, -1.0)]
    public void Impossible_options_name_themselves(string name, long? steps, double decay, double rate)
    {
        var options = new TrainingOptions { Steps = steps, DecayFraction = decay, Optimizer = new OptimizerOptions { AdamRate = rate } };
        Assert.Contains(name, Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Theory]
    [InlineData(new[] { 1, 99 }, "token id 99")]
    [InlineData(new[] { 1 }, "at least 2")]
    public void A_sequence_that_cannot_be_learned_is_explained(int[] ids, string message)
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Trainer.Train(student, [[new TrainingSequence(ids)]], Short, cancellation: Stop)).Message);
    }

    [Fact]
    public void The_rate_warms_up_holds_and_falls()
    {
        var options = new TrainingOptions { Steps = 100, WarmupSteps = 10, DecayFraction = 0.5, FinalRate = 0.1 };
        Assert.Equal([0.1, 1, 1, 0.5, 0.1], new[] { 0, 10, 50, 75, 99 }.Select(s => Math.Round(RateSchedule.At(s, s / 100.0, options), 9)));
    }
}
