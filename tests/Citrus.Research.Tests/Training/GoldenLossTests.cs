using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

/// <summary>Loss curves of every stage, committed: a change of code that is meant to change nothing must give them again.</summary>
/// <remarks>
/// <c>Golden/losses.json</c> was written by this test (CITRUS_GOLDEN=write) on Debian 12, an x64 processor with AVX-512, libtorch 2.10 on one thread. The same kind of machine gives the same
/// numbers to the last bit; another sums in another order, and is held to 1e-5 of each.
/// </remarks>
public sealed class GoldenLossTests
{
    private static readonly string File = Path.Combine(Repository.Root, "tests", "Citrus.Research.Tests", "Training", "Golden", "losses.json");

    private static readonly TrainingOptions Options = new() { Steps = 12, WarmupSteps = 3, CurvePoints = 12, Shape = RateShape.Cosine };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Stages => ["cpt", "sft", "sft, AdamW, in parts", "sft, adapter", "preference", "preference, dpo"];

    [Theory, MemberData(nameof(Stages))]
    public void Every_stage_gives_its_golden_losses_again(string stage)
    {
        var losses = Losses(stage);
        if (Environment.GetEnvironmentVariable("CITRUS_GOLDEN") == "write")
        {
            var all = System.IO.File.Exists(File) ? JsonSerializer.Deserialize<SortedDictionary<string, double[]>>(System.IO.File.ReadAllText(File))! : [];
            all[stage] = losses;
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            System.IO.File.WriteAllText(File, JsonSerializer.Serialize(all, new JsonSerializerOptions { WriteIndented = true }) + "\n");
        }

        var golden = JsonSerializer.Deserialize<Dictionary<string, double[]>>(System.IO.File.ReadAllText(File))![stage];
        Assert.Equal(golden.Length, losses.Length);
        Assert.All(golden.Zip(losses), l => Assert.Equal(l.First, l.Second, 1e-5 * Math.Abs(l.First)));
    }

    [Theory, MemberData(nameof(Stages))]
    public void On_one_machine_they_are_the_same_to_the_last_bit(string stage) => Assert.Equal(Losses(stage), Losses(stage));

    private static double[] Losses(string stage)
    {
        using var student = new Decoder(Tiny.Config, seed: 11);
        if (stage.Contains("adapter", StringComparison.Ordinal)) student.Attach(new LoraOptions { Rank = 4 }, seed: 12);
        var options = stage.Contains("AdamW", StringComparison.Ordinal) ? Options with { Accumulate = 3, Optimizer = new OptimizerOptions { Muon = false, AdamDecay = 0.1, ClipNorm = 1 } } : Options;
        var batches = TrainingBatches.Shuffled(stage == "cpt" ? [.. Tiny.Copying(60, 13).Select(s => new TrainingSequence(s.Ids))] : Tiny.Copying(60, 13), 6, 14);
        var summary = stage.StartsWith("preference", StringComparison.Ordinal)
            ? Trainer.Prefer(student, TrainingBatches.Shuffled(AccumulationTests.Pairs(30, 15), 5, 16), stage.Contains("dpo", StringComparison.Ordinal) ? PreferenceOptions.Dpo : PreferenceOptions.CpoSimPo, options, cancellation: Stop)
            : Trainer.Train(student, batches, options, cancellation: Stop);
        return [.. summary.Curve.Select(p => p.Loss)];
    }
}
