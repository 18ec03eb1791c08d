using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Training;

/// <summary>Against torch.optim.AdamW: tests/fixtures/make_optimizer_fixtures.py.</summary>
public sealed class OptimizerTests
{
    private static readonly JsonElement Fixture = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(typeof(OptimizerTests).Assembly.Location)!, "fixtures", "optimizer.json"))).RootElement;

    private static readonly OptimizerOptions AdamW = new() { Muon = false, AdamRate = 0.01, GainRate = 0.02, AdamBeta1 = 0.9, AdamBeta2 = 0.95, AdamEpsilon = 1e-8, AdamDecay = 0.2 };

    public OptimizerTests() => Torch.EnsureLoaded();

    [Theory]
    [InlineData("plain", false), InlineData("plain", true)]
    [InlineData("clipped", false), InlineData("clipped", true)]
    [InlineData("kept", false), InlineData("kept", true)]
    public void AdamW_is_PyTorchs(string what, bool fused)
    {
        using var scope = torch.NewDisposeScope();
        var parameters = Parameters(torch.float32);
        using var optimizer = new Optimizer(parameters, AdamW with { ClipNorm = what == "plain" ? null : 1.5, KeepEmbedding = what == "kept" }, fused: fused);
        var norms = StudentFixture.Numbers(Fixture.GetProperty(what).GetProperty("norms"));
        for (var step = 0; step < 6; step++)
        {
            optimizer.Step(Gradients(step, torch.float32), 1);
            if (what == "plain") Assert.Null(optimizer.GradientNorm);
            else StudentFixture.Close(norms[step], optimizer.GradientNorm!.Value, 1e-5 * norms[step], "norm");
        }

        for (var p = 0; p < parameters.Count; p++)
        {
            var expected = StudentFixture.Numbers(Fixture.GetProperty(what).GetProperty("values")[p]);
            var found = Floats(parameters[p].Value);
            for (var i = 0; i < expected.Length; i++) StudentFixture.Close(expected[i], found[i], 2e-6, $"{parameters[p].Role}[{i}]");
        }
    }

    [Fact]
    public void Bfloat16_weights_are_the_rounded_float32_weights_that_are_optimised()
    {
        using var scope = torch.NewDisposeScope();
        var narrow = Parameters(torch.bfloat16);
        var wide = narrow.Select(p => p with { Value = p.Value.to(torch.float32) }).ToList();
        using var optimizer = new Optimizer(narrow, AdamW with { ClipNorm = 1.5 });
        using var exact = new Optimizer(wide, AdamW with { ClipNorm = 1.5 }, fused: true);
        for (var step = 0; step < 6; step++)
        {
            optimizer.Step(Gradients(step, torch.bfloat16), 0.5);
            exact.Step([.. Gradients(step, torch.bfloat16).Select(g => g.to(torch.float32))], 0.5);
        }

        for (var p = 0; p < narrow.Count; p++)
            Assert.Equal(Floats(wide[p].Value.to(torch.bfloat16)), Floats(narrow[p].Value));
    }

    [Fact]
    public void A_small_step_is_not_lost_in_bfloat16()
    {
        using var scope = torch.NewDisposeScope();
        var parameter = new DecoderParameter(ParameterRole.Inner, torch.ones([2, 2], torch.bfloat16), [("w", 2)]);
        using var optimizer = new Optimizer([parameter], AdamW with { AdamRate = 1e-4, AdamDecay = 0 });
        for (var step = 0; step < 100; step++) optimizer.Step([torch.ones([2, 2], torch.bfloat16)], 1);
        // 1 - 1e-4 rounds to 1 in bfloat16, 1 - 100 * 1e-4 does not.
        Assert.All(Floats(parameter.Value), w => Assert.Equal(0.9883f, w, 0.003f));
    }

    [Theory, InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public void A_resumed_run_goes_on_bit_for_bit(bool muon, bool narrow)
    {
        var options = AdamW with { Muon = muon, ClipNorm = 1 };
        var type = narrow ? torch.bfloat16 : torch.float32;
        using var scope = torch.NewDisposeScope();
        var whole = Parameters(type);
        using var uninterrupted = new Optimizer(whole, options);
        for (var step = 0; step < 6; step++) uninterrupted.Step(Gradients(step, type), 1);

        var first = Parameters(type);
        using var before = new Optimizer(first, options);
        for (var step = 0; step < 3; step++) before.Step(Gradients(step, type), 1);
        var second = first.Select(p => p with { Value = p.Value.clone() }).ToList();
        using var after = new Optimizer(second, options);
        foreach (var (to, from) in after.State.Zip(before.State)) to.copy_(from);
        after.ResumeAt(before.Steps);
        for (var step = 3; step < 6; step++) after.Step(Gradients(step, type), 1);
        for (var p = 0; p < whole.Count; p++) Assert.Equal(Floats(whole[p].Value), Floats(second[p].Value));
    }

    [Fact]
    public void A_missing_gradient_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var optimizer = new Optimizer(Parameters(torch.float32), AdamW);
        Assert.Contains("1 gradients for 6", Assert.Throws<ArgumentException>(() => optimizer.Step([torch.ones(7, 5)], 1)).Message);
    }

    private static List<DecoderParameter> Parameters(torch.ScalarType type) => [.. Shapes().Select((s, p) =>
        new DecoderParameter(s.Role, Filled(s.Shape, i => 0.5 * Math.Sin(1.7 * i + p)).to(type), [($"{s.Role}", (int)s.Shape[0])]))];

    private static List<torch.Tensor> Gradients(int step, torch.ScalarType type) =>
        [.. Shapes().Select((s, p) => Filled(s.Shape, i => 0.4 * Math.Cos(0.9 * i + 2 * p + 0.6 * step) * (1 + step % 3)).to(type))];

    private static IEnumerable<(ParameterRole Role, long[] Shape)> Shapes() =>
        Fixture.GetProperty("parameters").EnumerateArray().Select(p => (Enum.Parse<ParameterRole>(p[0].GetString()!), p[1].EnumerateArray().Select(n => n.GetInt64()).ToArray()));

    private static torch.Tensor Filled(long[] shape, Func<int, double> value) =>
        torch.tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)value(i)).ToArray(), shape);

    private static float[] Floats(torch.Tensor tensor) => tensor.to(torch.float32).data<float>().ToArray();
}
