using System.Runtime.InteropServices;
using System.Text.Json;
using Citrus.Research.Models;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class TorchEngineTests
{
    private static readonly EngineOptions[] Ways =
    [
        new(), new() { ActivationCheckpointing = true }, new() { LogitChunk = 1 }, new() { LogitChunk = 5, ActivationCheckpointing = true },
    ];

    public TorchEngineTests() => Torch.EnsureLoaded();

    public static TheoryData<string> Families => FamilyFixture.Families;

    public static TheoryData<string> Adapters => FamilyFixture.Adapters;

    [Theory, MemberData(nameof(Families))]
    public void Losses_and_gradients_are_PyTorchs_whatever_is_kept_and_in_any_chunks(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        foreach (var way in Ways)
        {
            using var engine = new TorchEngine(decoder, way);
            FamiliesAgainstPyTorchTests.Check(decoder, engine, FamilyFixture.Json.GetProperty("families").GetProperty(family));
        }
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Gradients_of_an_adapter_are_PyTorchs(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        foreach (var way in Ways)
        {
            using var engine = new TorchEngine(decoder, way);
            FamiliesAgainstPyTorchTests.Check(decoder, engine, FamilyFixture.Json.GetProperty("adapters").GetProperty(family));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Logits_agree_read_at_once_and_token_by_token(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        CheckLogits(decoder, FamilyFixture.Json.GetProperty("families").GetProperty(family));
    }

    [Theory, MemberData(nameof(Adapters))]
    public void Logits_with_an_adapter_agree(string family)
    {
        using var decoder = FamilyFixture.Decoder(family);
        FamilyFixture.Attach(decoder, family);
        CheckLogits(decoder, FamilyFixture.Json.GetProperty("adapters").GetProperty(family));
    }

    [Fact]
    public void Slopes_that_are_known_ahead_give_the_same_in_one_pass()
    {
        using var decoder = FamilyFixture.Decoder("qwen2");
        using var scope = torch.NewDisposeScope();
        var (batch, slopes) = Some(decoder);
        foreach (var engine in new IDecoderEngine[] { new TorchEngine(decoder), new CpuEngine(decoder) })
        {
            using var _ = engine;
            float[] seen = [];
            var expected = Floats(engine.Gradients(batch, found =>
            {
                seen = found;
                return slopes;
            }));
            var (found, gradients) = engine.Gradients(batch, slopes);
            Assert.Equal(seen, found);
            Assert.Equal(expected, Floats(gradients));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Frozen_weights_get_no_gradient_and_the_others_the_same_as_without(bool lower)
    {
        using var decoder = FamilyFixture.Decoder("mistral");
        using var scope = torch.NewDisposeScope();
        var (batch, slopes) = Some(decoder);
        using var whole = new TorchEngine(decoder);
        var all = decoder.Parameters.Zip(whole.Gradients(batch, slopes).Gradients).ToDictionary(p => p.First.Parts[0].Name, p => Floats([p.Second]));
        decoder.Freeze(name => lower ? !name.StartsWith("model.layers.2", StringComparison.Ordinal) && name != "lm_head.weight" : name.Contains(".1.", StringComparison.Ordinal) || name.Contains("head", StringComparison.Ordinal));
        foreach (var way in Ways)
        {
            using var engine = new TorchEngine(decoder, way);
            var some = engine.Gradients(batch, slopes).Gradients;
            Assert.Equal(decoder.Trainable.Count, some.Count);
            foreach (var (parameter, gradient) in decoder.Trainable.Zip(some)) AssertNear(all[parameter.Parts[0].Name], Floats([gradient]), 5e-5, parameter.Parts[0].Name);
        }

        Assert.All(decoder.Parameters, p => Assert.False(p.Value.requires_grad));
    }

    [Fact]
    public void In_bfloat16_gradients_point_where_float32_points_and_recomputing_changes_nothing()
    {
        using var exact = FamilyFixture.Decoder("qwen2");
        using var narrow = Narrow(exact, torch.bfloat16);
        using var scope = torch.NewDisposeScope();
        var (batch, slopes) = Some(exact);
        using var reference = new TorchEngine(exact);
        using var engine = new TorchEngine(narrow);
        using var saving = new TorchEngine(narrow, new EngineOptions { ActivationCheckpointing = true });
        var (expected, found) = (reference.Gradients(batch, slopes), engine.Gradients(batch, slopes));
        AssertNear(expected.LogProbabilities, found.LogProbabilities, 0.05, "log-probabilities");
        for (var i = 0; i < expected.Gradients.Count; i++)
        {
            float[] a = Floats([expected.Gradients[i]]), b = Floats([found.Gradients[i]]);
            var cosine = a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
            Assert.True(cosine > 0.98, $"{narrow.Parameters[i].Parts[0].Name}: cosine {cosine}");
        }

        Assert.Equal(Floats(found.Gradients), Floats(saving.Gradients(batch, slopes).Gradients));
    }

    [Fact]
    public void A_sequence_without_anything_to_learn_contributes_nothing()
    {
        using var decoder = FamilyFixture.Decoder("llama31");
        using var engine = new TorchEngine(decoder);
        using var scope = torch.NewDisposeScope();
        (int[], float[]) learned = ([1, 5, 9, 2, 7], [0, 0, 1, 1, 1]), masked = ([3, 3, 8, 1, 1, 4, 2], new float[7]);
        TokenBatch Batch(params (int[], float[])[] sequences) => TokenBatch.Pack(sequences, decoder.Config.VocabularySize, decoder.Config.MaxPositions);
        var alone = Floats(engine.Gradients(Batch(learned), [-1, -1, -1]).Gradients);
        AssertNear(alone, Floats(engine.Gradients(Batch(masked, learned, masked), [-1, -1, -1]).Gradients), 1e-6, "gradients");
        Assert.All(Floats(engine.Gradients(Batch(masked, masked), Array.Empty<float>()).Gradients), g => Assert.Equal(0, g));
        Assert.Empty(engine.LogProbabilities(Batch(masked)));
    }

    [Fact]
    public void Nothing_but_the_gradients_outlives_a_pass()
    {
        using var decoder = FamilyFixture.Decoder("qwen3");
        using var engine = new TorchEngine(decoder, new EngineOptions { LogitChunk = 7 });
        var (batch, slopes) = Some(decoder);
        using (torch.NewDisposeScope()) engine.Gradients(batch, slopes);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var scope = torch.NewDisposeScope())
        {
            engine.Gradients(batch, slopes);
            Assert.Equal(decoder.Trainable.Count, scope.DisposablesCount);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void The_CPU_is_served_by_its_own_engine_where_weights_are_float32()
    {
        using var decoder = FamilyFixture.Decoder("qwen3");
        using var narrow = Narrow(decoder, torch.bfloat16);
        using (var engine = decoder.CreateEngine()) Assert.IsType<CpuEngine>(engine);
        using (var engine = decoder.CreateEngine(new EngineOptions { ActivationCheckpointing = true, LogitChunk = 4 })) Assert.IsType<CpuEngine>(engine);
        using (var engine = narrow.CreateEngine()) Assert.IsType<TorchEngine>(engine);
        Assert.Contains("LogitChunk", Assert.Throws<ArgumentException>(() => decoder.CreateEngine(new EngineOptions { LogitChunk = -1 })).Message);
    }

    [Fact]
    public void Float16_is_read_but_not_trained()
    {
        using var exact = FamilyFixture.Decoder("llama31");
        using var half = Narrow(exact, torch.float16);
        using var engine = new TorchEngine(half);
        using var reference = new TorchEngine(exact);
        var (batch, slopes) = Some(exact);
        AssertNear(reference.LogProbabilities(batch), engine.LogProbabilities(batch), 0.01, "log-probabilities");
        Assert.Contains("bfloat16", Assert.Throws<InvalidOperationException>(() => engine.Gradients(batch, slopes)).Message);
    }

    [Fact]
    public void Running_out_of_memory_says_what_to_lower_and_other_faults_stay_what_they_are()
    {
        torch.Tensor Fail(string message) => throw new ExternalException(message);
        var real = Assert.Throws<OutOfDeviceMemoryException>(() => OutOfDeviceMemoryException.Told(() => torch.empty(1L << 50), () => "training on 9 tokens", "Lower the batch."));
        Assert.StartsWith("Out of memory while training on 9 tokens. Lower the batch. libtorch said: ", real.Message);
        Assert.DoesNotContain('\n', real.Message);
        var gpu = Assert.Throws<OutOfDeviceMemoryException>(() => OutOfDeviceMemoryException.Told(
            () => Fail("The following operation failed in the TorchScript interpreter.\nTraceback:\nRuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.\nframe #0"), () => "reading", "x"));
        Assert.EndsWith("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.", gpu.Message);
        Assert.Throws<ExternalException>(() => OutOfDeviceMemoryException.Told(() => Fail("shapes do not match"), () => "", ""));
    }

    [Fact]
    public void A_model_beyond_all_memory_says_what_to_do()
    {
        var huge = FamilyFixture.Config("llama31") with { VocabularySize = 1 << 24, HiddenSize = 1 << 20 };
        var message = Assert.Throws<OutOfDeviceMemoryException>(() => Decoder.Create(huge, (_, _) => { }, torch.CPU, torch.bfloat16)).Message;
        Assert.Contains("million weights (2 bytes each)", message);
        Assert.Contains("a smaller model", message);
    }

    [Fact]
    public void Slopes_of_another_batch_are_refused()
    {
        using var decoder = FamilyFixture.Decoder("qwen3");
        using var engine = new TorchEngine(decoder);
        Assert.Contains("2 slopes for", Assert.Throws<ArgumentException>(() => engine.Gradients(Some(decoder).Batch, [1f, 2f])).Message);
    }

    private static void CheckLogits(Decoder decoder, JsonElement expected)
    {
        var longest = FamilyFixture.Sequences[2].Ids;
        FamilyFixture.AssertLogits(expected.GetProperty("logits"), longest, 4, prefixes =>
        {
            using var network = new DecoderNetwork(decoder);
            using var scope = torch.NewDisposeScope();
            var hidden = network.Hidden(torch.tensor(longest.Select(i => (long)i).ToArray(), [1, longest.Length]), network.CausalMask(longest.Length))[0];
            return Floats([torch.nn.functional.linear(hidden.index_select(0, torch.tensor(prefixes.Select(p => p.Count - 1L).ToArray())), network.Head)]);
        });
        FamilyFixture.AssertLogits(expected.GetProperty("logits"), longest, 4, prefixes =>
        {
            using var writer = new TorchWriter(decoder);
            var (text, logits) = (writer.Open(), new List<float>());
            for (var length = 1; length <= prefixes[^1].Count; length++)
            {
                writer.Read([new WriterInput(text, new[] { longest[length - 1] }, 1)]);
                if (!prefixes.Any(p => p.Count == length)) continue;
                writer.Predict(0, 1);
                logits.AddRange(writer.Logits(0));
            }

            return [.. logits];
        });
    }

    private static Decoder Narrow(Decoder decoder, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var values = decoder.Parameters.SelectMany(p => p.Views()).ToDictionary(v => v.Name, v => v.View);
        return Decoder.Create(decoder.Config, (name, view) => view.copy_(values[name]), torch.CPU, type);
    }

    private static (TokenBatch Batch, float[] Slopes) Some(Decoder decoder)
    {
        var batch = TokenBatch.Pack([.. FamilyFixture.Sequences.Select(s => (s.Ids, s.Weights))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
        return (batch, [.. batch.Weights.Select((w, i) => i % 3 == 0 ? -w : w)]);
    }

    private static float[] Floats(IEnumerable<torch.Tensor> tensors) => [.. tensors.SelectMany(t => t.to(torch.float32).contiguous().data<float>().ToArray())];

    private static void AssertNear(float[] expected, float[] found, double tolerance, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = expected.Max(Math.Abs) + 0.01;
        var worst = expected.Zip(found, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance * scale, $"{what}: off by {worst} where the largest is {scale}");
    }
}
