using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

/// <summary>What must hold for every family, whatever the weights.</summary>
public sealed class DecoderPropertyTests
{
    public static TheoryData<string> Families => FamilyFixture.Families;

    [Theory, MemberData(nameof(Families))]
    public void Packed_sequences_do_not_see_each_other(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        using var engine = new CpuEngine(decoder);
        var (a, b, c) = (Sequence(21, 1), Sequence(9, 2), Sequence(2, 3));
        var together = engine.LogProbabilities(Batch(decoder, a, b, c));
        Assert.Equal(together, new[] { a, b, c }.SelectMany(s => engine.LogProbabilities(Batch(decoder, s))), Near);
        var (alone, beside) = (Gradient(engine, Batch(decoder, a)), Gradient(engine, Batch(decoder, b)));
        Assert.Equal(Gradient(engine, Batch(decoder, a, b)), alone.Zip(beside, (x, y) => x + y), Near);
    }

    [Fact]
    public void A_window_that_holds_the_whole_text_is_none()
    {
        using var windowed = FamilyFixture.Decoder("mistral", c => c with { SlidingWindow = 20 });
        using var plain = FamilyFixture.Decoder("mistral", c => c with { SlidingWindow = null });
        using var narrow = FamilyFixture.Decoder("mistral", c => c with { SlidingWindow = 19 });
        using CpuEngine a = new(windowed), b = new(plain), c = new(narrow);
        var batch = Batch(windowed, Sequence(21, 1)); // 20 tokens are read
        Assert.Equal(b.LogProbabilities(batch), a.LogProbabilities(batch), Near);
        Assert.Equal(Gradient(b, batch), Gradient(a, batch), Near);
        Assert.NotEqual(b.LogProbabilities(batch)[^1], c.LogProbabilities(batch)[^1]);
        Assert.Equal(b.LogProbabilities(batch)[..^1], c.LogProbabilities(batch)[..^1], Near);
    }

    /// <summary>Through one layer a query sees its window and nothing before it, so what lies further back may be anything.</summary>
    [Theory, InlineData(1), InlineData(3), InlineData(8), InlineData(13)]
    public void Nothing_before_the_window_is_seen(int window)
    {
        using var decoder = FamilyFixture.Decoder("mistral", c => c with { SlidingWindow = window, Layers = 1 });
        using var engine = new CpuEngine(decoder);
        var (one, other) = (Sequence(40, 1), Sequence(40, 2));
        var mixed = other[..(39 - window)].Concat(one[(39 - window)..]).ToArray(); // 39 tokens are read, and the last prediction sees as many of them as the window holds
        Assert.Equal(engine.LogProbabilities(Batch(decoder, one))[^1], engine.LogProbabilities(Batch(decoder, mixed))[^1], 1e-5f);
        var within = other[..(40 - window)].Concat(one[(40 - window)..]).ToArray();
        Assert.NotEqual(engine.LogProbabilities(Batch(decoder, one))[^1], engine.LogProbabilities(Batch(decoder, within))[^1], 1e-5f);
    }

    [Fact]
    public void Saving_memory_changes_nothing_or_only_the_rounding()
    {
        using var decoder = new Decoder(Tiny.Config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1 });
        var batch = Batch(decoder, Sequence(30, 1), Sequence(12, 2));
        using CpuEngine whole = new(decoder), exact = new(decoder, new EngineOptions { LogitChunk = batch.Rows.Length, ActivationCheckpointing = true }), pieces = new(decoder, new EngineOptions { LogitChunk = 7 });
        Assert.Equal(whole.LogProbabilities(batch), exact.LogProbabilities(batch));
        Assert.Equal(Gradient(whole, batch), Gradient(exact, batch));
        Assert.Equal(whole.LogProbabilities(batch), pieces.LogProbabilities(batch), Near);
        Assert.Equal(Gradient(whole, batch), Gradient(pieces, batch), Near);
        using var scope = torch.NewDisposeScope();
        var (found, ahead) = pieces.Gradients(batch, [.. batch.Rows.Select(_ => 1f)]);
        Assert.Equal(pieces.LogProbabilities(batch), found);
        var known = ahead.SelectMany(g => g.data<float>().ToArray()).ToArray();
        Assert.Equal(Gradient(pieces, batch), known);
    }

    /// <summary>Attention works on 1,024 queries at a time; libtorch's engine does not.</summary>
    [Theory, InlineData(null), InlineData(300), InlineData(1030)]
    public void A_long_text_is_the_same_in_both_engines(int? window)
    {
        var config = Tiny.Config with { Architecture = DecoderArchitecture.Mistral, SlidingWindow = window, MaxPositions = 4096, Layers = 1, HiddenSize = 8, IntermediateSize = 8, Heads = 2, KeyValueHeads = 1, HeadSize = 4 };
        using var decoder = new Decoder(config, 3, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 });
        using CpuEngine fast = new(decoder);
        using TorchEngine plain = new(decoder);
        var batch = Batch(decoder, Sequence(2063, 1), Sequence(5, 2));
        Assert.Equal(plain.LogProbabilities(batch), fast.LogProbabilities(batch), Near);
        var (expected, found) = (Gradient(plain, batch), Gradient(fast, batch));
        var scale = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i] / scale, found[i] / scale, 3e-5f);
    }

    [Fact]
    public void Half_precision_is_not_computed_with_on_the_CPU_but_can_be_held()
    {
        Torch.EnsureLoaded();
        using var decoder = Decoder.Create(Tiny.Config, (_, view) => view.fill_(0.25.Held()), torch.CPU, torch.ScalarType.BFloat16);
        Assert.All(Tiny.Weights(decoder), w => Assert.Equal(0.25f, w));
        Assert.Contains("Load it as float32", Assert.Throws<ArgumentException>(() => new CpuEngine(decoder)).Message);
    }

    [Fact]
    public void A_context_of_a_hundred_thousand_tokens_costs_nothing_until_it_is_used()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var decoder = FamilyFixture.Decoder("llama31", c => c with { MaxPositions = 1 << 20, HeadSize = 128 });
        using var engine = new CpuEngine(decoder);
        engine.LogProbabilities(Batch(decoder, Sequence(8, 1)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32L << 20);
    }

    private static bool Near(float a, float b) => Math.Abs(a - b) <= 2e-5f * (1 + Math.Abs(a));

    private static int[] Sequence(int length, long seed)
    {
        var random = SeededRandom.For(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(20))];
    }

    private static TokenBatch Batch(Decoder decoder, params int[][] sequences) =>
        TokenBatch.Pack([.. sequences.Select(s => (s, s.Select(_ => 1f).ToArray()))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);

    private static float[] Gradient(IDecoderEngine engine, TokenBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        return [.. engine.Gradients(batch, found => [.. found.Select(_ => 1f)]).SelectMany(g => g.data<float>().ToArray())];
    }
}
