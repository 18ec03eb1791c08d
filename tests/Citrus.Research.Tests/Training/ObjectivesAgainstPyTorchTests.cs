using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Training;

/// <summary>Every preference objective against PyTorch's autograd in float64: tests/fixtures/make_objective_fixtures.py.</summary>
public sealed class ObjectivesAgainstPyTorchTests
{
    private static readonly JsonElement Json = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(typeof(StudentFixture).Assembly.Location)!, "fixtures", "objectives.json"))).RootElement;

    public static TheoryData<string> Names => [.. Json.GetProperty("objectives").EnumerateObject().Select(o => o.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_loss_and_its_slopes_agree(string name)
    {
        var tokens = Json.GetProperty("tokens");
        double[][] Answers(string of) => [.. tokens.GetProperty(of).EnumerateArray().Select(StudentFixture.Numbers)];
        var answers = Answers("chosen").Concat(Answers("rejected")).ToList();
        float[] found = [.. answers.SelectMany(a => a).Select(x => (float)x)];
        int[] owners = [.. answers.SelectMany((a, i) => Enumerable.Repeat(i, a.Length))];
        var slopes = new float[found.Length];
        var (loss, _, _) = Losses.Preference(found, [.. found.Select(_ => 1f)], owners, answers.Count / 2, Options(name), slopes, reference: Reference(tokens));
        var expected = tokens.GetProperty(name);
        StudentFixture.Close(expected.GetProperty("loss").GetDouble(), loss, 1e-9 * Math.Abs(loss), "loss"); // the inputs are exact in float32, the sums are double
        var wanted = StudentFixture.Numbers(expected.GetProperty("slopes"));
        for (var i = 0; i < slopes.Length; i++) StudentFixture.Close(wanted[i], slopes[i], 1e-6 * Math.Abs(wanted[i]), $"slope {i}");
    }

    [Theory, MemberData(nameof(Names))]
    public void A_decoders_loss_and_gradients_agree(string name)
    {
        using var decoder = StudentFixture.Decoder("untied");
        using var engine = decoder.CreateEngine();
        using var scope = torch.NewDisposeScope();
        var (pairs, options) = (StudentFixture.Pairs, Options(name));
        var batch = TokenBatch.Pack([.. pairs.Select(p => p.Chosen).Concat(pairs.Select(p => p.Rejected)).Select(s => (s.Ids, s.Weights))], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
        var value = 0.0;
        var gradients = engine.Gradients(batch, found =>
        {
            var slopes = new float[found.Length];
            value = Losses.Preference(found, batch.Weights, batch.Owners, pairs.Count, options, slopes, reference: Reference(Json)).Loss;
            return slopes;
        });
        var expected = Json.GetProperty("decoder").GetProperty(name);
        StudentFixture.Close(expected.GetProperty("loss").GetDouble(), value, 1e-5 * Math.Abs(value), name);
        var named = new Dictionary<string, float[]>();
        for (var i = 0; i < gradients.Count; i++)
            foreach (var (part, view) in decoder.Parameters[i].Views(gradients[i])) named[part] = view.contiguous().data<float>().ToArray();
        StudentFixture.AssertTensors(expected.GetProperty("gradients"), named, 1e-5);
    }

    [Fact]
    public void A_frozen_decoders_scores_agree_and_are_kept()
    {
        using var folder = new TempFolder();
        using var untied = StudentFixture.Decoder("untied");
        var weights = new Dictionary<string, float[]>();
        untied.Read((name, values) => weights[name] = [.. values.Select(v => (float)(0.9 * v))]);
        using var reference = Decoder.FromWeights(untied.Config, (name, values) => weights[name].CopyTo(values));
        var file = folder["reference.json"];
        var scored = ReferenceScores.Of(reference, StudentFixture.Pairs, file, cancellation: TestContext.Current.CancellationToken);
        var expected = Reference(Json);
        for (var p = 0; p < expected.Length; p++)
        {
            StudentFixture.Close(expected[p].Chosen, scored[p].Reference!.Value.Chosen, 1e-5 * Math.Abs(expected[p].Chosen), "chosen");
            StudentFixture.Close(expected[p].Rejected, scored[p].Reference!.Value.Rejected, 1e-5 * Math.Abs(expected[p].Rejected), "rejected");
        }

        // Another decoder now, but the scores of the first are what counts.
        Assert.Equal(scored.Select(p => p.Reference), ReferenceScores.Of(untied, StudentFixture.Pairs, file, cancellation: TestContext.Current.CancellationToken).Select(p => p.Reference));
        Assert.Contains("other pairs", Assert.Throws<InvalidDataException>(void () => ReferenceScores.Of(untied, StudentFixture.Pairs[..1], file)).Message);
    }

    private static (double Chosen, double Rejected)[] Reference(JsonElement of) => [.. of.GetProperty("reference").EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()))];

    private static PreferenceOptions Options(string name)
    {
        var o = Json.GetProperty("objectives").GetProperty(name);
        var options = new PreferenceOptions
        {
            Beta = o.GetProperty("beta").GetDouble(),
            Gamma = o.GetProperty("gamma").GetDouble(),
            Alpha = o.GetProperty("alpha").GetDouble(),
            LengthNormalised = o.GetProperty("mean").GetBoolean(),
            LabelSmoothing = o.TryGetProperty("smoothing", out var s) ? s.GetDouble() : 0,
            Reference = o.TryGetProperty("reference", out _),
            Shape = o.TryGetProperty("shape", out var shape) ? shape.GetString() == "hinge" ? PreferenceShape.Hinge : PreferenceShape.Squared : PreferenceShape.Logistic,
        };
        options.Validate();
        // The published settings are those that are compared.
        if (PreferenceOptions.Named.TryGetValue(name, out var named)) Assert.Equal(named, options);
        return options;
    }
}
