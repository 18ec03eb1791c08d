using Citrus.Research.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class DecoderAgainstPyTorchTests
{
    [Theory, InlineData("untied"), InlineData("tied")]
    public void Logits_agree(string kind)
    {
        using var decoder = StudentFixture.Decoder(kind);
        using var network = new DecoderNetwork(decoder);
        using var scope = torch.NewDisposeScope();
        var ids = StudentFixture.Sequences[0].Ids;
        var hidden = network.Hidden(torch.tensor(ids.Select(i => (long)i).ToArray(), [1, ids.Length]), network.CausalMask(ids.Length));
        var logits = torch.nn.functional.linear(hidden, network.Head).data<float>().ToArray();
        var expected = StudentFixture.Json.GetProperty(kind).GetProperty("logits").EnumerateArray().SelectMany(StudentFixture.Numbers).ToArray();
        Assert.Equal(expected.Length, logits.Length);
        for (var i = 0; i < logits.Length; i++) StudentFixture.Close(expected[i], logits[i], 1e-4 * expected.Max(Math.Abs), $"logit {i}");
    }

    [Theory, InlineData("untied", "fast"), InlineData("tied", "fast"), InlineData("untied", "plain"), InlineData("tied", "plain")]
    public void Losses_and_gradients_agree(string kind, string engine)
    {
        using var decoder = StudentFixture.Decoder(kind);
        using IDecoderEngine computes = engine == "fast" ? new CpuEngine(decoder) : new TorchEngine(decoder);
        Check("cpt", StudentFixture.Sequences.Select(s => new TrainingSequence(s.Ids)), (batch, found, slopes) => Losses.CrossEntropy(found, batch.Weights, slopes));
        Check("sft", StudentFixture.Sequences, (batch, found, slopes) => Losses.CrossEntropy(found, batch.Weights, slopes));
        var pairs = StudentFixture.Pairs;
        Check("preference", [.. pairs.Select(p => p.Chosen), .. pairs.Select(p => p.Rejected)],
            (batch, found, slopes) => Losses.Preference(found, batch.Weights, batch.Owners, pairs.Count, StudentFixture.Preference, slopes).Loss);

        void Check(string what, IEnumerable<TrainingSequence> sequences, Func<TokenBatch, float[], float[], double> loss)
        {
            using var scope = torch.NewDisposeScope();
            var expected = StudentFixture.Json.GetProperty(kind).GetProperty(what);
            var batch = TokenBatch.Pack([.. sequences.Select(s => (s.Ids, s.Weights))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
            var value = 0.0;
            var gradients = computes.Gradients(batch, found =>
            {
                var slopes = new float[found.Length];
                value = loss(batch, found, slopes);
                return slopes;
            });
            StudentFixture.Close(expected.GetProperty("loss").GetDouble(), value, 1e-5 * Math.Abs(value), what);
            var named = new Dictionary<string, float[]>();
            for (var i = 0; i < gradients.Count; i++)
                foreach (var (name, view) in decoder.Parameters[i].Views(gradients[i])) named[name] = view.contiguous().data<float>().ToArray();
            StudentFixture.AssertTensors(expected.GetProperty("gradients"), named, 1e-5);
        }
    }

    [Theory, InlineData("untied", "muon"), InlineData("tied", "muon"), InlineData("untied", "adamw"), InlineData("tied", "adamw")]
    public void Three_optimiser_steps_agree(string kind, string optimiser)
    {
        using var decoder = StudentFixture.Decoder(kind);
        var options = new TrainingOptions
        {
            Steps = 3, WarmupSteps = 0, DecayFraction = 0, CurvePoints = 3,
            Optimizer = new OptimizerOptions { Muon = optimiser == "muon", MuonRate = 0.02, MatrixDecay = 0.3, AdamRate = 0.003, AdamBeta2 = 0.98, AdamDecay = optimiser == "muon" ? 0 : 0.1 },
        };
        var summary = Trainer.Train(decoder, Enumerable.Repeat((IReadOnlyList<TrainingSequence>)StudentFixture.Sequences, 3), options, cancellation: TestContext.Current.CancellationToken);
        var expected = StudentFixture.Json.GetProperty(kind).GetProperty(optimiser);
        var losses = StudentFixture.Numbers(expected.GetProperty("losses"));
        for (var i = 0; i < 3; i++) StudentFixture.Close(losses[i], summary.Curve[i].Loss, 1e-4 * losses[i], $"loss {i}");
        var weights = new Dictionary<string, float[]>();
        decoder.Read((name, values) => weights[name] = values);
        StudentFixture.AssertTensors(expected.GetProperty("weights"), weights, 1e-4);
    }
}
