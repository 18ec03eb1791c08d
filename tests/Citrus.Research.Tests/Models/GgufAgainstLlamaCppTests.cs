using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Models;

/// <summary>Files written here say in llama.cpp what the decoder says here.</summary>
/// <remarks>
/// The models are random. Their weights are drawn so large (deviation 1 over the root of the inputs) that every layer matters and the likeliest token leads clearly: a test asserts
/// that it leads, wherever it is compared, by far more than the two programs differ, so that no near tie decides about equal text.
/// </remarks>
public sealed class GgufAgainstLlamaCppTests : IDisposable
{
    private const string Text = "A 70-year-old woman has aches that move between joints; no fever. 她七十岁。 Ceftriaxone 2 g/day was given, it's written, at 12:30.\n\n  The   spleen is palpable 🙂.";

    private static readonly ByteLevelTokenizer Tokenizer = BpeTrainer.Train(Enumerable.Repeat(Text, 3), new BpeTrainerOptions { VocabularySize = 400 });

    private static readonly DecoderConfig Shape = new()
    {
        VocabularySize = Tokenizer.VocabularySize + 5,
        HiddenSize = 64,
        IntermediateSize = 96,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 2,
        HeadSize = 16,
        MaxPositions = 256,
        TiedEmbeddings = true,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    [Fact]
    public async Task Every_family_writes_the_same_text_there()
    {
        (string Name, DecoderConfig Config)[] models =
        [
            ("qwen3", Shape),
            ("qwen3-student", Shape with { HiddenSize = 96, IntermediateSize = 256, Layers = 3, Heads = 3, KeyValueHeads = 3, HeadSize = 32 }),
            ("qwen3-untied", Shape with { TiedEmbeddings = false, HeadSize = 32 }),
            ("qwen2", Shape with { Architecture = DecoderArchitecture.Qwen2, RopeTheta = 1_000_000 }),
            ("llama", Shape with { Architecture = DecoderArchitecture.Llama, TiedEmbeddings = false, NormEpsilon = 1e-5 }),
            ("llama-3.1", Shape with { Architecture = DecoderArchitecture.Llama, RopeTheta = 500_000, RopeScaling = new RopeScaling(8, 1, 4, 32) }),
            ("mistral", Shape with { Architecture = DecoderArchitecture.Mistral, TiedEmbeddings = false, HeadSize = 32 }),
        ];
        var prompt = Tokenizer.Encode(ChatTemplate.Prompt("The spleen is palpable. 她七十岁?"));
        var (runs, ours) = (new List<object>(), new List<int[]>());
        foreach (var (name, config) in models)
        {
            using var decoder = Random(config);
            Gguf.Write(Path.Combine(_folder, name + ".gguf"), decoder, Tokenizer);
            ours.Add(Generator.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 64 })[0].Ids);
            runs.Add(Run(name, config, prompt, 64));
        }

        var theirs = await LlamaCpp.Read([.. runs]);
        Assert.Equal(models.Length, theirs.Count);
        for (var i = 0; i < models.Length; i++)
        {
            Assert.Equal(models[i].Name.Split('-')[0] is "mistral" ? "llama" : models[i].Name.Split('-')[0], (string?)theirs[i]["architecture"]);
            Assert.Equal(ours[i], Ints(theirs[i]["greedy"]!));
            Assert.Equal(Tokenizer.Encode(Text), Ints(theirs[i]["texts"]![0]!));
            Assert.Equal(Tokenizer.Decode(ours[i]), (string?)theirs[i]["decoded"]);
            using var decoder = Random(models[i].Config);
            var (difference, _, lead) = Compare(decoder, prompt, theirs[i]["probabilities"]!.AsArray());
            Assert.True(difference < 1e-4 && lead > 100 * difference, $"{models[i].Name}: log-probabilities differ by up to {difference}, the likeliest token leads by {lead} or more");
        }
    }

    [Theory, InlineData(GgufType.Q8, 0.1), InlineData(GgufType.Float16, 3e-3), InlineData(GgufType.BFloat16, 3e-2)]
    public async Task Narrower_weights_say_nearly_the_same_there(GgufType type, double tolerance)
    {
        var prompt = Tokenizer.Encode(Text);
        using var decoder = Random(Shape);
        Gguf.Write(Path.Combine(_folder, "narrow.gguf"), decoder, Tokenizer, type);
        var theirs = await LlamaCpp.Read(Run("narrow", Shape, prompt, 0));
        var (_, mean, _) = Compare(decoder, prompt, theirs[0]["probabilities"]!.AsArray());
        Assert.True(mean < tolerance, $"log-probabilities of likely tokens differ by {mean} in the mean");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private object Run(string name, DecoderConfig config, IReadOnlyList<int> prompt, int count) =>
        new { model = Path.Combine(_folder, name + ".gguf"), tokens = prompt, count, texts = new[] { Text }, vocabulary = config.VocabularySize };

    /// <summary>Largest and mean difference of a likely token's log-probability, and the least lead of the likeliest token here.</summary>
    private static (double Difference, double Mean, double Lead) Compare(Decoder decoder, IReadOnlyList<int> prompt, JsonArray theirs)
    {
        var differences = new List<double>();
        var lead = double.MaxValue;
        for (var at = 0; at < prompt.Count; at++)
        {
            var pairs = Enumerable.Range(0, decoder.Config.VocabularySize).Select(t => ((IReadOnlyList<int>)[.. prompt.Take(at + 1)], (IReadOnlyList<int>)[t])).ToList();
            var ours = Likelihood.PerToken(decoder, pairs).Select(l => (double)l[0]).ToArray();
            for (var t = 0; t < ours.Length; t++)
                if (ours[t] > Math.Log(1e-3)) differences.Add(Math.Abs(ours[t] - Math.Log((double)theirs[at]![t]!)));
            var best = ours.OrderDescending().Take(2).ToArray();
            lead = Math.Min(lead, best[0] - best[1]);
        }

        return (differences.Max(), differences.Average(), lead);
    }

    private static Decoder Random(DecoderConfig config) => Decoder.FromWeights(config, (name, values) =>
    {
        var random = SeededRandom.For(3, name);
        // A small embedding, so that the layers and not the last token decide.
        var inputs = name.Contains("embed_tokens", StringComparison.Ordinal) ? 100 : values.Length / (double)Decoder.Names(config).First(n => n.Name == name).Shape[0];
        var gain = name.EndsWith("norm.weight", StringComparison.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            var x = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(gain ? 1 + (0.1 * x) : x / Math.Sqrt(inputs));
        }
    });

    private static int[] Ints(JsonNode array) => [.. array.AsArray().Select(x => (int)x!)];
}
