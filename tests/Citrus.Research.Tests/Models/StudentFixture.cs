using System.Text.Json;
using Citrus.Research.Models;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Models;

/// <summary>What PyTorch computed for tiny decoders, in float64: tests/fixtures/make_student_fixtures.py.</summary>
internal static class StudentFixture
{
    public static JsonElement Json { get; } = JsonDocument.Parse(File.ReadAllText(
        Path.Combine(Path.GetDirectoryName(typeof(StudentFixture).Assembly.Location)!, "fixtures", "student.json"))).RootElement;

    public static List<TrainingSequence> Sequences { get; } = [.. Json.GetProperty("sequences").EnumerateArray().Select(s => new TrainingSequence(Ints(s[0]), [.. Numbers(s[1]).Select(x => (float)x)]))];

    public static List<TrainingPair> Pairs { get; } = [.. Json.GetProperty("pairs").EnumerateArray().Select(p =>
    {
        TrainingSequence Answer(int[] ids) => new(ids, [.. ids.Select((_, i) => i < p.GetProperty("prompt").GetInt32() ? 0f : 1f)]);
        return new TrainingPair(Answer(Ints(p.GetProperty("chosen"))), Answer(Ints(p.GetProperty("rejected"))));
    })];

    public static PreferenceOptions Preference { get; } = new()
    {
        Beta = Json.GetProperty("preference").GetProperty("beta").GetDouble(),
        Gamma = Json.GetProperty("preference").GetProperty("gamma").GetDouble(),
        Alpha = Json.GetProperty("preference").GetProperty("alpha").GetDouble(),
    };

    public static Decoder Decoder(string kind)
    {
        var config = Json.GetProperty("config").Deserialize<DecoderConfig>()! with { TiedEmbeddings = kind == "tied" };
        var order = Citrus.Research.Models.Decoder.Names(config).Select(n => n.Name).ToList();
        return Citrus.Research.Models.Decoder.FromWeights(config, (name, values) =>
        {
            var gains = name.EndsWith("norm.weight", StringComparison.Ordinal);
            for (var i = 0; i < values.Length; i++)
            {
                var x = 0.3 * Math.Sin(1.3 * i + 0.7 * order.IndexOf(name) + 0.1);
                values[i] = (float)(gains ? 1 + x / 3 : x);
            }
        });
    }

    /// <summary>Asserts norm and some elements of every tensor.</summary>
    public static void AssertTensors(JsonElement expected, IReadOnlyDictionary<string, float[]> found, double tolerance)
    {
        var largest = expected.EnumerateObject().Max(p => p.Value.GetProperty("norm").GetDouble());
        foreach (var tensor in expected.EnumerateObject())
        {
            var values = found[tensor.Name];
            var norm = tensor.Value.GetProperty("norm").GetDouble();
            Close(norm, Math.Sqrt(values.Sum(v => (double)v * v)), tolerance * (norm + 0.01 * largest), tensor.Name + " norm");
            var some = Numbers(tensor.Value.GetProperty("some"));
            for (var i = 0; i < some.Length; i++) Close(some[i], values[7 * i], tolerance * (norm + 0.01 * largest), $"{tensor.Name}[{7 * i}]");
        }
    }

    public static void Close(double expected, double found, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - found) <= tolerance, $"{what}: {found} where PyTorch says {expected}; allowed {tolerance}");

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetDouble())];

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetInt32())];
}
