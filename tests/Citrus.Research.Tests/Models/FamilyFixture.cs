using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

/// <summary>What PyTorch computed for tiny decoders of each family, in float64: tests/fixtures/make_family_fixtures.py.</summary>
internal static class FamilyFixture
{
    public static JsonElement Json { get; } = Read("families.json");

    public static TheoryData<string> Families => [.. Json.GetProperty("families").EnumerateObject().Select(f => f.Name)];

    public static TheoryData<string> Adapters => [.. Json.GetProperty("adapters").EnumerateObject().Select(f => f.Name)];

    public static List<TrainingSequence> Sequences { get; } =
        [.. Json.GetProperty("sequences").EnumerateArray().Select(s => new TrainingSequence([.. s[0].EnumerateArray().Select(i => i.GetInt32())], [.. StudentFixture.Numbers(s[1]).Select(x => (float)x)]))];

    public static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(typeof(FamilyFixture).Assembly.Location)!, "fixtures", name))).RootElement;

    public static DecoderConfig Config(string family)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Json.GetProperty("families").GetProperty(family).GetProperty("config").GetRawText());
            return HuggingFaceConfig.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static Decoder Decoder(string family, Func<DecoderConfig, DecoderConfig>? change = null)
    {
        Torch.EnsureLoaded();
        var config = Config(family);
        config = change?.Invoke(config) ?? config;
        var order = Citrus.Research.Models.Decoder.Names(config).Select(n => n.Name).Order(StringComparer.Ordinal).ToList();
        return Citrus.Research.Models.Decoder.Create(config, (name, view) =>
        {
            var t = order.IndexOf(name);
            var gains = name.EndsWith("norm.weight", StringComparison.Ordinal);
            view.copy_(Tensor(view.shape, i => 0.3 * Math.Sin(1.3 * i + 0.7 * t + 0.1), x => gains ? 1 + x / 3 : x));
        }, torch.CPU);
    }

    public static LoraOptions AdapterOptions(string family)
    {
        var json = Json.GetProperty("adapters").GetProperty(family).GetProperty("adapter_config");
        return new LoraOptions
        {
            Rank = json.GetProperty("r").GetInt32(),
            Alpha = json.GetProperty("lora_alpha").GetDouble(),
            RankStabilised = json.GetProperty("use_rslora").GetBoolean(),
            Targets = [.. json.GetProperty("target_modules").EnumerateArray().Select(t => t.GetString()!)],
        };
    }

    /// <summary>Puts the fixture's adapter on a decoder.</summary>
    public static LoraAdapter Attach(Decoder decoder, string family)
    {
        var adapter = decoder.Attach(AdapterOptions(family), seed: 1);
        var order = adapter.Pairs.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        foreach (var pair in adapter.Pairs)
        {
            using var scope = torch.NewDisposeScope();
            var t = order.IndexOf(pair.Name);
            pair.A.Value.copy_(Tensor(pair.A.Value.shape, i => 0.3 * Math.Sin(1.1 * i + 0.5 * t + 0.2)));
            pair.B.Value.copy_(Tensor(pair.B.Value.shape, i => 0.2 * Math.Cos(0.9 * i + 0.3 * t + 0.4)));
        }

        return adapter;
    }

    /// <summary>Asserts logits of every <paramref name="step"/>th token to 1e-4.</summary>
    /// <param name="logitsAfter">From prefixes to the logits after each, one after the other.</param>
    public static void AssertLogits(JsonElement expected, int[] ids, int step, Func<IReadOnlyList<IReadOnlyList<int>>, float[]> logitsAfter)
    {
        var rows = expected.EnumerateArray().Select(StudentFixture.Numbers).ToList();
        var found = logitsAfter([.. rows.Select((_, i) => ids[..(step * i + 1)])]);
        Assert.Equal(rows.Sum(r => r.Length), found.Length);
        for (var i = 0; i < found.Length; i++) StudentFixture.Close(rows[i / rows[0].Length][i % rows[0].Length], found[i], 1e-4, $"logit {i}");
    }

    /// <summary>The same for what is left of logits in their log-probabilities.</summary>
    public static void AssertLogProbabilities(JsonElement expected, int[] ids, int step, Func<IReadOnlyList<IReadOnlyList<int>>, float[]> after)
    {
        var rows = expected.EnumerateArray().Select(StudentFixture.Numbers).ToList();
        var found = after([.. rows.Select((_, i) => ids[..(step * i + 1)])]);
        for (var i = 0; i < found.Length; i++)
        {
            var row = rows[i / rows[0].Length];
            StudentFixture.Close(row[i % row.Length] - Math.Log(row.Sum(Math.Exp)), found[i], 1e-4, $"log-probability {i}");
        }
    }

    private static torch.Tensor Tensor(long[] shape, Func<int, double> formula, Func<double, double>? then = null) =>
        torch.tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)(then?.Invoke(formula(i)) ?? formula(i))).ToArray(), shape);
}
