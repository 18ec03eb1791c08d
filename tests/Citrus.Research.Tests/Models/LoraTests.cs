using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class LoraTests
{
    private static readonly int[] Ids = [3, 17, 5, 5, 9, 0, 11, 4];

    [Fact]
    public void A_fresh_adapter_changes_nothing_and_starts_as_PEFT_starts_it()
    {
        using var decoder = new Decoder(Tiny.Config, 3);
        var before = Logs(decoder);
        var adapter = decoder.Attach(new LoraOptions { Rank = 4 }, seed: 5);
        Assert.Equal(before, Logs(decoder));
        Assert.Equal(14, adapter.Pairs.Count);
        Assert.Same(adapter.Parameters, decoder.Trainable);
        foreach (var pair in adapter.Pairs)
        {
            var (a, bound) = (pair.A.Value.data<float>().ToArray(), 1 / MathF.Sqrt(pair.A.Value.shape[1]));
            Assert.All(a, x => Assert.InRange(x, -bound, bound));
            Assert.True(a.Max() > 0.6 * bound && a.Min() < -0.6 * bound, pair.Name);
            Assert.All(pair.B.Value.data<float>().ToArray(), x => Assert.Equal(0, x));
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_adapters()
    {
        using var decoder = new Decoder(Tiny.Config, 3);
        float[] First(long seed)
        {
            using var adapter = LoraAdapter.Fresh(decoder, new LoraOptions { Targets = ["q_proj"] }, seed);
            return adapter.Pairs[0].A.Value.data<float>().ToArray();
        }

        Assert.Equal(First(1), First(1));
        Assert.NotEqual(First(1), First(2));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_merged_adapter_computes_what_the_attached_one_did(bool stabilised)
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        var plain = Logs(decoder);
        Disturb(decoder.Attach(new LoraOptions { Rank = 3, Alpha = 7, RankStabilised = stabilised, Targets = ["v_proj", "o_proj", "up_proj", "lm_head", "layers.1.mlp.down_proj"] }, seed: 5));
        var attached = Logs(decoder);
        Assert.NotEqual(plain, attached);
        using var clone = decoder.Clone();
        Assert.Equal(attached, Logs(clone));
        decoder.MergeAdapter();
        Close(attached, Logs(decoder));
        Assert.Equal(decoder.Parameters.Count, decoder.Trainable.Count);
        Close(attached, Logs(clone)); // which kept its own
    }

    [Fact]
    public void The_base_gets_no_gradients_and_stays()
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        var before = Tiny.Weights(decoder);
        Disturb(decoder.Attach(new LoraOptions { Rank = 2, Targets = ["q_proj"] }, seed: 5));
        using var engine = new CpuEngine(decoder);
        using var scope = torch.NewDisposeScope();
        var gradients = engine.Gradients(Batch(), found => [.. found.Select(_ => 1f)]);
        Assert.Equal(decoder.Adapter!.Parameters.Select(p => p.Value.shape), gradients.Select(g => g.shape));
        Assert.All(gradients, g => Assert.True(g.abs().sum().item<float>() > 0));
        Assert.Equal(before, Tiny.Weights(decoder));
    }

    [Fact]
    public void Frozen_weights_get_no_gradients_and_the_others_the_same_as_ever()
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        var all = Gradients(decoder);
        foreach (var frozen in new Func<string, bool>[] { n => n.Contains("embed_tokens"), n => n.Contains("layers.0."), n => !n.Contains("mlp"), n => n != "model.norm.weight", n => !n.Contains("layers.1.self_attn.q_norm") })
        {
            decoder.Freeze(frozen);
            var some = Gradients(decoder);
            Assert.Equal(all.Keys.Where(n => !frozen(n)).Order(), some.Keys.Order());
            Assert.All(some, g => Assert.Equal(all[g.Key], g.Value));
        }

        Assert.Contains("one tensor here", Assert.Throws<ArgumentException>(() => decoder.Freeze(n => n.Contains("q_proj"))).Message);
        Assert.Contains("Everything", Assert.Throws<ArgumentException>(() => decoder.Freeze(_ => true)).Message);
    }

    [Fact]
    public void Training_changes_the_adapter_and_nothing_else()
    {
        using var decoder = new Decoder(Tiny.Config, 3);
        Train(decoder, 30); // else there is no output layer to learn with
        var before = Tiny.Weights(decoder);
        decoder.Attach(new LoraOptions { Rank = 4 }, seed: 5);
        var curve = Train(decoder, 60);
        Assert.True(curve[^1].Loss < 0.9 * curve[0].Loss, $"from {curve[0].Loss} to {curve[^1].Loss}");
        Assert.Equal(before, Tiny.Weights(decoder));
        var attached = Logs(decoder);
        decoder.MergeAdapter();
        Close(attached, Logs(decoder));
        Assert.NotEqual(before, Tiny.Weights(decoder));
    }

    [Fact]
    public void Training_leaves_frozen_weights_alone()
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        var before = Named(decoder);
        decoder.Freeze(n => !n.Contains("layers.1.mlp"));
        Train(decoder, 3);
        Assert.All(Named(decoder), w => Assert.Equal(w.Key.Contains("layers.1.mlp"), !w.Value.SequenceEqual(before[w.Key])));
    }

    [Fact]
    public void In_bfloat16_an_adapters_gradients_point_where_float32s_point()
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        Disturb(decoder.Attach(new LoraOptions { Rank = 2 }, seed: 5));
        var (exact, rounded) = (Gradients(decoder), Gradients(decoder, ComputePrecision.BFloat16));
        foreach (var (name, a) in exact)
        {
            var b = rounded[name];
            double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
            Assert.True(Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b)) > 0.99, name);
        }

        Assert.Contains(exact, e => !e.Value.SequenceEqual(rounded[e.Key]));
    }

    [Fact]
    public void What_cannot_be_is_explained()
    {
        using var decoder = new Decoder(Tiny.Config with { TiedEmbeddings = true }, 3);
        Assert.Contains("no linear layer of this model is called 'lm_head'; there are q_proj, k_proj", Assert.Throws<ArgumentException>(() => decoder.Attach(new LoraOptions { Targets = ["q_proj", "lm_head"] }, 1)).Message);
        Assert.Contains("r is 0", Assert.Throws<ArgumentException>(() => decoder.Attach(new LoraOptions { Rank = 0 }, 1)).Message);
        Assert.Throws<InvalidOperationException>(decoder.MergeAdapter);
        decoder.Attach(new LoraOptions(), 1);
        Assert.Throws<InvalidOperationException>(() => decoder.Attach(new LoraOptions(), 1));
        using var other = new Decoder(Tiny.Config with { HiddenSize = 24 }, 3);
        Assert.Contains("another model", Assert.Throws<ArgumentException>(() => other.Attach(decoder.Adapter!)).Message);
    }

    internal static void Disturb(LoraAdapter adapter)
    {
        var random = new SeededRandom(9);
        foreach (var pair in adapter.Pairs)
        {
            using var scope = torch.NewDisposeScope();
            pair.B.Value.copy_(torch.tensor(Enumerable.Range(0, (int)pair.B.Value.numel()).Select(_ => (float)random.Gaussian() * 0.1f).ToArray(), pair.B.Value.shape));
        }
    }

    internal static float[] Logs(Decoder decoder)
    {
        using var engine = new CpuEngine(decoder);
        return engine.LogProbabilities(Batch());
    }

    private static Dictionary<string, float[]> Gradients(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32)
    {
        using var engine = new CpuEngine(decoder, precision);
        using var scope = torch.NewDisposeScope();
        var gradients = engine.Gradients(Batch(), found => [.. found.Select((_, i) => 1f + i)]);
        return gradients.Zip(decoder.Trainable).SelectMany(g => g.Second.Views(g.First)).ToDictionary(v => v.Name, v => v.View.contiguous().data<float>().ToArray());
    }

    private static IReadOnlyList<LossPoint> Train(Decoder decoder, int steps) => Trainer.Train(
        decoder, Enumerable.Range(0, steps).Select(i => (IReadOnlyList<TrainingSequence>)Tiny.Copying(16, i)),
        new TrainingOptions { Steps = steps, WarmupSteps = 0, CurvePoints = 10, Optimizer = new OptimizerOptions { Muon = false, AdamRate = 0.01 } }, cancellation: TestContext.Current.CancellationToken).Curve;

    private static Dictionary<string, float[]> Named(Decoder decoder)
    {
        var named = new Dictionary<string, float[]>();
        decoder.Read((name, values) => named[name] = values);
        return named;
    }

    private static TokenBatch Batch() => TokenBatch.Pack([(Ids, [.. Ids.Select(_ => 1f)])], Tiny.Config.VocabularySize, Tiny.Config.MaxPositions);

    private static void Close(float[] expected, float[] found)
    {
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
    }
}
