using System.Text;
using Citrus.Research.Models;
using Decoder = Citrus.Research.Models.Decoder;

namespace Citrus.Research.Tests.Models;

/// <summary>Configs as their makers publish them on Hugging Face, and what Transformers' classes make of them: names, shapes, number of parameters.</summary>
public sealed class PublishedModelsTests
{
    /// <summary>Number of parameters as the Hub counts them in the model's safetensors; tied output layers once.</summary>
    public static TheoryData<string, long> Models => new()
    {
        { "Qwen2.5-0.5B", 494_032_768 },
        { "Qwen2.5-7B", 7_615_616_512 },
        { "Qwen2.5-72B", 72_706_203_648 },
        { "Qwen3-0.6B", 596_049_920 },
        { "Llama-2-7b", 6_738_415_616 },
        { "Llama-3.1-8B-Instruct", 8_030_261_248 },
        { "Llama-3.2-1B", 1_235_814_400 },
        { "Mistral-7B-v0.1", 7_241_732_096 },
        { "Mistral-7B-v0.3", 7_248_023_552 },
    };

    [Theory, MemberData(nameof(Models))]
    public void Names_and_shapes_of_a_published_model_are_as_approved(string model, long parameters)
    {
        var config = HuggingFaceConfig.Read(Path.Combine(Folder(), model + ".config.json"));
        Assert.Equal(parameters, config.Parameters);
        Assert.Equal(parameters, Decoder.Names(config).Sum(n => n.Shape.Aggregate(1L, (a, b) => a * b)));
        var (approved, found) = (Path.Combine(Folder(), model + ".txt"), Describe(config));
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (expected != found) File.WriteAllText(approved + ".received", found);
        Assert.True(expected == found, $"{approved}.received differs from what was approved; compare the two, and put it into Models/Approved if it is right.");
    }

    [Theory, MemberData(nameof(Models))]
    public void A_published_config_survives_writing_and_reading(string model, long parameters)
    {
        var config = HuggingFaceConfig.Read(Path.Combine(Folder(), model + ".config.json"));
        var path = Path.GetTempFileName();
        File.WriteAllText(path, HuggingFaceConfig.Write(config, [1, 2], 0, 3).ToJsonString());
        var again = HuggingFaceConfig.Read(path);
        File.Delete(path);
        Assert.Equal(config, again);
        Assert.Equal(parameters, again.Parameters);
    }

    /// <summary>The config, then each tensor; blocks that are alike are told once.</summary>
    private static string Describe(DecoderConfig config)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
        Line($"{config.Architecture} {config.Layers} layers, {config.Heads} heads ({config.KeyValueHeads} of keys) of {config.HeadSize}, {config.MaxPositions} positions");
        Line($"rope theta {config.RopeTheta}, epsilon {config.NormEpsilon}, window {config.SlidingWindow?.ToString() ?? "none"} from layer {config.FullAttentionLayers}, {(config.TiedEmbeddings ? "tied" : "untied")}");
        Line($"{(config.RopeScaling is { } s ? FormattableString.Invariant($"llama3 scaling {s.Factor} {s.LowFrequencyFactor} {s.HighFrequencyFactor} {s.OriginalMaxPositions}") : "no scaling")}");
        var names = Decoder.Names(config).Select(n => (n.Name, Shape: $"[{string.Join(", ", n.Shape)}]")).ToList();
        var inLayers = names.Where(n => n.Name.StartsWith("model.layers.", StringComparison.Ordinal)).GroupBy(n => int.Parse(n.Name.Split('.')[2], null))
            .Select(g => (g.Key, Lines: g.Select(n => $"{string.Join('.', n.Name.Split('.')[3..])} {n.Shape}").ToList())).ToList();
        Assert.Equal(Enumerable.Range(0, config.Layers), inLayers.Select(l => l.Key));
        Assert.All(inLayers, l => Assert.Equal(inLayers[0].Lines, l.Lines));
        Line($"model.embed_tokens.weight {names.Single(n => n.Name == "model.embed_tokens.weight").Shape}");
        foreach (var line in inLayers[0].Lines) Line($"model.layers.0..{config.Layers - 1}.{line}");
        foreach (var (name, shape) in names.Where(n => !n.Name.StartsWith("model.layers.", StringComparison.Ordinal) && n.Name != "model.embed_tokens.weight")) Line($"{name} {shape}");
        return text.ToString();
    }

    private static string Folder() => Path.Combine(Path.GetDirectoryName(typeof(PublishedModelsTests).Assembly.Location)!, "Models", "Approved");
}
