using Citrus.Research.Models;
using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class CpuEngineTests
{
    public static TheoryData<string> Shapes => [.. All.Keys];

    private static Dictionary<string, DecoderConfig> All { get; } = new()
    {
        ["grouped"] = Tiny.Config,
        ["tied"] = Tiny.Config with { TiedEmbeddings = true },
        ["odd sizes"] = Tiny.Config with { VocabularySize = 37, HiddenSize = 30, IntermediateSize = 21, Heads = 3, KeyValueHeads = 3, HeadSize = 6, Layers = 3 },
        ["one key head"] = Tiny.Config with { Heads = 6, KeyValueHeads = 1, HeadSize = 16, RopeTheta = 100 },
        ["wide heads"] = Tiny.Config with { Heads = 2, KeyValueHeads = 2, HeadSize = 40, HiddenSize = 64 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Both_engines_agree_on_probabilities_and_gradients(string shape)
    {
        var config = All[shape];
        var start = new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1, TiedEmbedding = 0.3 };
        using var decoder = new Decoder(config, 3, start);
        using var fast = new CpuEngine(decoder);
        using var plain = new TorchEngine(decoder);
        foreach (var lengths in new int[][] { [2], [9, 2, 23, 16, 17], [5, 5], [40, 1 + 1] })
        {
            var batch = Some(config, lengths);
            using var scope = torch.NewDisposeScope();
            AssertClose(plain.LogProbabilities(batch), fast.LogProbabilities(batch), 1e-5, shape);
            var slopes = batch.Weights.Select((w, i) => i % 3 == 0 ? -w : w).ToArray();
            var expected = plain.Gradients(batch, _ => slopes);
            var found = fast.Gradients(batch, _ => slopes);
            for (var i = 0; i < expected.Count; i++)
                AssertClose(expected[i].data<float>().ToArray(), found[i].data<float>().ToArray(), 3e-5, $"{shape}, {decoder.Parameters[i].Parts[0].Name}");
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void In_bfloat16_both_engines_agree_and_gradients_point_where_float32_points(string shape)
    {
        var config = All[shape];
        using var decoder = new Decoder(config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1, TiedEmbedding = 0.3 });
        using var exact = new CpuEngine(decoder);
        using var fast = new CpuEngine(decoder, ComputePrecision.BFloat16);
        using var plain = new TorchEngine(decoder, ComputePrecision.BFloat16);
        var batch = Some(config, [9, 2, 23, 16, 17]);
        using var scope = torch.NewDisposeScope();
        Assert.Equal(exact.LogProbabilities(batch), fast.LogProbabilities(batch)); // reading is not rounded
        var slopes = batch.Weights.Select((w, i) => i % 3 == 0 ? -w : w).ToArray();
        var (expected, found, rounded) = (exact.Gradients(batch, _ => slopes), fast.Gradients(batch, _ => slopes), plain.Gradients(batch, _ => slopes));
        var differs = false;
        for (var i = 0; i < expected.Count; i++)
        {
            float[] a = expected[i].data<float>().ToArray(), b = found[i].data<float>().ToArray(), c = rounded[i].data<float>().ToArray();
            var name = $"{shape}, {decoder.Parameters[i].Parts[0].Name}";
            Assert.True(Cosine(a, b) > 0.998, $"{name}: cosine {Cosine(a, b)} to float32");
            Assert.True(Cosine(c, b) > 0.998, $"{name}: cosine {Cosine(c, b)} to libtorch's own derivatives");
            differs |= !a.SequenceEqual(b);
        }

        Assert.True(differs, "nothing was rounded");
    }

    private static double Cosine(float[] a, float[] b)
    {
        double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
        return Dot(a, b) / Math.Sqrt(Math.Max(1e-30, Dot(a, a) * Dot(b, b)));
    }

    private static void AssertClose(float[] expected, float[] found, double tolerance, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = expected.Max(Math.Abs) + 0.03; // floor: some true gradients are 0
        var worst = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance * scale, $"{what}: off by {worst} where the largest is {scale}");
    }

    private static TokenBatch Some(DecoderConfig config, int[] lengths)
    {
        var random = new SeededRandom(7);
        return TokenBatch.Pack(
            [.. lengths.Select(n => (Enumerable.Range(0, n).Select(_ => random.Next(config.VocabularySize)).ToArray(), Enumerable.Range(0, n).Select(i => i % 4 == 2 ? 0 : (float)(0.5 + random.NextDouble())).ToArray()))],
            config.VocabularySize, config.MaxPositions);
    }
}
