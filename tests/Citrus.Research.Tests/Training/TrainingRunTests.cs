using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

/// <summary>Runs that are stopped, killed and gone on with.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private const int Half = 10;

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, ComputePrecision, bool, bool, double?, int> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, ComputePrecision, bool, bool, double?, int>
            {
                { "next token", ComputePrecision.Float32, true, false, null, 1 },
                { "next token", ComputePrecision.Float32, false, false, 0.99, 3 },
                { "next token", ComputePrecision.BFloat16, true, false, 0.9, 1 },
                { "next token", ComputePrecision.Float32, false, true, null, 1 },
                { "text", ComputePrecision.Float32, true, false, 0.99, 2 },
                { "text", ComputePrecision.BFloat16, false, true, 0.99, 1 },
                { "preference", ComputePrecision.Float32, true, false, null, 2 },
                { "preference", ComputePrecision.Float32, false, true, 0.9, 1 },
                { "preference", ComputePrecision.BFloat16, true, false, null, 1 },
            };
            return kinds;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Stopped_and_gone_on_with_it_ends_as_if_never_stopped(string kind, ComputePrecision precision, bool muon, bool lora, double? average, int accumulate)
    {
        var options = new TrainingOptions
        {
            Steps = 2 * Half,
            WarmupSteps = 3,
            Shape = RateShape.Cosine,
            Accumulate = accumulate,
            Precision = precision,
            AverageDecay = average,
            CurvePoints = 7,
            Optimizer = new OptimizerOptions { Muon = muon, ClipNorm = 1, AdamDecay = 0.1 },
        };
        var run = new RunOptions { LogEvery = 3 };
        var (whole, summary) = Go(kind, options, lora, "whole", run, null)!.Value;
        Assert.Null(Go(kind, options, lora, "halves", run, Half));
        var (halves, other) = Go(kind, options, lora, "halves", run, null)!.Value;
        Assert.Equal(whole, halves);
        Assert.Equal(summary.Curve, other.Curve);
        Assert.Equal(summary with { Seconds = 0, Curve = [] }, other with { Seconds = 0, Curve = [] });
        Assert.Equal(TrainingRun.ReadLog(_folder["whole"]).Select(Learned), TrainingRun.ReadLog(_folder["halves"]).Select(Learned));
        static (long, double, double, double, double?) Learned(LogLine l) => (l.Step, l.Loss, l.GradientNorm, l.Rate, l.PreferenceAccuracy);
    }

    [Fact]
    public void Gone_on_with_when_it_is_finished_it_learns_nothing_more()
    {
        var options = new TrainingOptions { Steps = 4, AverageDecay = 0.9 };
        var (weights, _) = Go("text", options, false, "run", new RunOptions(), null)!.Value;
        var (again, summary) = Go("text", options, false, "run", new RunOptions(), null)!.Value;
        Assert.Equal(weights, again);
        Assert.Equal(4, summary.Steps);
    }

    [Theory, InlineData(0), InlineData(9), InlineData(1000)]
    public void A_torn_checkpoint_is_passed_over_for_the_one_before(int keep)
    {
        var options = new TrainingOptions { Steps = 12 };
        var (whole, _) = Go("text", options, false, "whole", new RunOptions(), null)!.Value;
        Assert.Null(Go("text", options, false, "torn", new RunOptions { SaveEvery = 4 }, 9));
        Assert.Equal(["step-000000008", "step-000000009"], Checkpoints("torn"));
        var file = _folder["torn/checkpoints/step-000000009/state.safetensors"];
        using (var tensors = File.OpenWrite(file)) tensors.SetLength(keep);
        var notices = new List<string>();
        var (mended, _) = Go("text", options, false, "torn", new RunOptions { Notice = notices.Add }, null)!.Value;
        Assert.Equal(whole, mended);
        Assert.Contains("step-000000009 is skipped", notices[0]);
        Assert.Contains("after step 8", notices[1]);
    }

    [Fact]
    public void A_changed_byte_a_foreign_state_and_drafts_of_a_killed_save_are_passed_over()
    {
        var options = new TrainingOptions { Steps = 12 };
        var (whole, _) = Go("text", options, false, "whole", new RunOptions(), null)!.Value;
        Assert.Null(Go("text", options, false, "run", new RunOptions { SaveEvery = 4, Keep = 5 }, 9));
        var last = _folder["run/checkpoints/step-000000009/state.safetensors"];
        var bytes = File.ReadAllBytes(last);
        bytes[^1] ^= 1;
        File.WriteAllBytes(last, bytes);
        File.WriteAllText(_folder["run/checkpoints/step-000000008/state.json"], File.ReadAllText(_folder["whole/checkpoints/step-000000012/state.json"]));
        Directory.CreateDirectory(_folder["run/checkpoints/.step-000000010.torn"]);
        var notices = new List<string>();
        var (mended, _) = Go("text", options, false, "run", new RunOptions { Notice = notices.Add }, null)!.Value;
        Assert.Equal(whole, mended);
        Assert.Contains(notices, n => n.Contains("another run", StringComparison.Ordinal));
        Assert.Contains(notices, n => n.Contains("not as it was written", StringComparison.Ordinal));
        Assert.Contains(notices, n => n.Contains("after step 4", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.GetDirectories(_folder["run/checkpoints"]), d => Path.GetFileName(d).StartsWith('.'));
    }

    [Fact]
    public void The_last_ones_and_the_best_are_kept()
    {
        var scores = new Queue<double>([0.1, 0.5, 0.3, 0.5, 0.2, 0.2]);
        var options = new TrainingOptions { Steps = 12 };
        using var student = new Decoder(Tiny.Config, seed: 1);
        var seen = new List<float[]>();
        using var run = TrainingRun.Open(_folder["run"], new RunOptions
        {
            SaveEvery = 2,
            Score = d =>
            {
                seen.Add(Tiny.Weights(d));
                return scores.Dequeue();
            },
        });
        Trainer.Train(student, Texts(), options, cancellation: Stop, run: run);
        Assert.Equal([(4L, 0.5), (10, 0.2), (12, 0.2)], run.Saved().Select(s => (s.Step, s.Score!.Value)));
        Assert.Equal((4, 0.5), run.LoadBest(student));
        Assert.Equal(seen[1], Tiny.Weights(student));
        Assert.Equal([0.1, 0.5, 0.3, 0.5, 0.2, 0.2], TrainingRun.ReadLog(run.Folder).Select(l => l.Score).OfType<double>());
    }

    [Fact]
    public void With_an_average_it_is_the_average_that_is_scored_and_taken_as_the_best()
    {
        float[] scored = [];
        using var student = new Decoder(Tiny.Config, seed: 1);
        using var run = TrainingRun.Open(_folder["run"], new RunOptions
        {
            Score = d =>
            {
                scored = Tiny.Weights(d);
                return 1;
            },
        });
        Trainer.Train(student, Texts(), new TrainingOptions { Steps = 5, AverageDecay = 0.9 }, cancellation: Stop, run: run);
        Assert.Equal(scored, Tiny.Weights(student));
        using var other = new Decoder(Tiny.Config, seed: 2);
        run.LoadBest(other);
        Assert.Equal(scored, Tiny.Weights(other));
    }

    [Fact]
    public void A_run_with_a_changed_option_is_refused_by_its_name()
    {
        RunOptions With(string rate) => new() { Settings = new Dictionary<string, string> { ["--rate"] = rate, ["--seed"] = "1" } };
        TrainingRun.Open(_folder["run"], With("0.01")).Dispose();
        TrainingRun.Open(_folder["run"], With("0.01")).Dispose();
        var refused = Assert.Throws<RunException>(() => TrainingRun.Open(_folder["run"], With("0.02")));
        Assert.Contains("--rate 0.01", refused.Message);
        Assert.Contains("0.02", refused.Message);
    }

    [Fact]
    public void Other_data_than_the_run_began_with_are_noticed()
    {
        Assert.Null(Go("text", new TrainingOptions { Steps = 8 }, false, "run", new RunOptions(), 4));
        var refused = Assert.Throws<RunException>(() => Go("next token", new TrainingOptions { Steps = 8 }, false, "run", new RunOptions(), null));
        Assert.Contains("data are not those", refused.Message);
    }

    [Fact]
    public void A_folder_of_something_else_and_a_run_in_use_are_left_alone()
    {
        Directory.CreateDirectory(_folder["notes"]);
        File.WriteAllText(_folder["notes/letter.txt"], "Dear run");
        Assert.Contains("letter.txt", Assert.Throws<RunException>(() => TrainingRun.Open(_folder["notes"], new RunOptions())).Message);
        using var held = TrainingRun.Open(_folder["run"], new RunOptions());
        Assert.Contains("in use", Assert.Throws<RunException>(() => TrainingRun.Open(_folder["run"], new RunOptions())).Message);
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_the_batch_and_the_earlier_checkpoints()
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        using var run = TrainingRun.Open(_folder["run"], new RunOptions { SaveEvery = 1, Decode = ids => $"{ids.Count} tokens" });
        // The second step's weights are wild, so a later loss is no number.
        var wild = new TrainingOptions { Steps = 200, WarmupSteps = 0, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 1e18 } };
        var failure = Assert.Throws<TrainingFailedException>(() => Trainer.Train(student, Texts(), wild, cancellation: Stop, run: run));
        Assert.Contains("lower the learning rate", failure.Message);
        var kept = Directory.GetFiles(_folder["run/failed"]).Single();
        Assert.Contains(kept, failure.Message);
        Assert.Contains("tokens\"", File.ReadAllText(kept));
        Assert.Contains("\"ids\"", File.ReadAllText(kept));
        Assert.NotEmpty(run.Saved());
    }

    private List<string> Checkpoints(string name) => [.. Directory.GetDirectories(_folder[name + "/checkpoints"]).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    private static IEnumerable<IReadOnlyList<TrainingSequence>> Texts() => TrainingBatches.Shuffled([.. Tiny.Copying(100, 7).Select(s => new TrainingSequence(s.Ids))], 8, 1);

    /// <summary>Trains in a folder; null where it was stopped.</summary>
    private (float[] Weights, TrainingSummary Summary)? Go(string kind, TrainingOptions options, bool lora, string name, RunOptions run, int? stopAfter)
    {
        using var student = new Decoder(Tiny.Config, seed: 1);
        if (lora) student.Attach(new LoraOptions { Rank = 2, Alpha = 4 }, seed: 5);
        using var kept = TrainingRun.Open(_folder[name], run);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        IEnumerable<T> Stopping<T>(IEnumerable<T> batches)
        {
            var given = 0;
            foreach (var batch in batches)
            {
                // Asked for in the step after the last one that is taken.
                if (given++ == stopAfter * options.Accumulate) stop.Cancel();
                yield return batch;
            }
        }

        try
        {
            var summary = kind == "preference"
                ? Trainer.Prefer(student, Stopping(TrainingBatches.Shuffled(AccumulationTests.Pairs(40, 1), 4, 1)), new PreferenceOptions(), options, TrainingBatches.Shuffled(Tiny.Copying(30, 2), 4, 2), cancellation: stop.Token, run: kept)
                : Trainer.Train(student, Stopping(kind == "text" ? Texts() : TrainingBatches.Shuffled(Tiny.Copying(100, 1), 8, 1)), options, cancellation: stop.Token, run: kept);
            if (lora) student.MergeAdapter();
            return (Tiny.Weights(student), summary);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
