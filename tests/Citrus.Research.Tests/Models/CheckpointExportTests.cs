using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Tests.Cli;
using Citrus.Research.Tokenization;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

/// <summary>`citrus export` and `citrus merge`: what is written, and what is said where it cannot be.</summary>
public sealed class CheckpointExportTests : IDisposable
{
    private static readonly ByteLevelTokenizer Tokenizer = BpeTrainer.Train(["the spleen is palpable, the fever is high"], new BpeTrainerOptions { VocabularySize = 280 });

    private static readonly DecoderConfig Shape = Tiny.Config with { VocabularySize = Tokenizer.VocabularySize, TiedEmbeddings = true, Architecture = DecoderArchitecture.Qwen2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    private string Model => Path.Combine(_folder, "model");

    private string Out => Path.Combine(_folder, "out");

    private string Adapter => Path.Combine(_folder, "adapter");

    [Fact]
    public void A_Hugging_Face_folder_is_whole_and_says_what_it_is_made_of()
    {
        var weights = Save(1);
        File.WriteAllText(Path.Combine(Model, "training.json"), """{"stage":"sft","data":[{"file":"dual.jsonl","sha256":"abc123","records":60}],"options":{"steps":40},"summary":{"steps":40,"finalLoss":1.25,"curve":[1,2]}}""");
        var run = CitrusProcess.Run("export", "--model", Model, "--to", "hf", "--out", Out, "--type", "bf16");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(["README.md", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "training.json"], Files(Out));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Model, "tokenizer.json")), File.ReadAllBytes(Path.Combine(Out, "tokenizer.json")));
        Assert.Equal("bfloat16", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "config.json")))!["torch_dtype"]);
        using var loaded = Checkpoint.Load(Out);
        using var rounded = torch.tensor(weights).to_type(torch.ScalarType.BFloat16).to_type(torch.ScalarType.Float32);
        Assert.Equal(rounded.data<float>().ToArray(), Tiny.Weights(loaded));
        var card = File.ReadAllText(Path.Combine(Out, "README.md"));
        foreach (var said in new[] { "Not for clinical use", "qwen2 decoder", "bfloat16", "data: file dual.jsonl, sha256 abc123, records 60", "\"steps\": 40", "finalLoss 1.25", "## Licence" }) Assert.Contains(said, card);
        // And what was written here may be written again.
        CheckpointExport.ToHuggingFace(Model, Out);
        Assert.DoesNotContain("bfloat16", File.ReadAllText(Path.Combine(Out, "README.md")));
    }

    [Fact]
    public void A_GGUF_file_is_the_same_model()
    {
        var weights = Save(1);
        var run = CitrusProcess.Run("export", "--model", Model, "--to", "gguf", "--out", Out + ".gguf");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(weights[..(Shape.VocabularySize * 32)], new GgufFile(Out + ".gguf").Tensors["token_embd.weight"].Numbers);
        Assert.Equal(new FileInfo(Out + ".gguf").Length, (long)run.Line["bytes"]!);
        CheckpointExport.ToGguf(Model, Out + ".q8.gguf", GgufType.Q8);
        Assert.True(new FileInfo(Out + ".q8.gguf").Length < 0.5 * new FileInfo(Out + ".gguf").Length);
    }

    [Fact]
    public void A_merged_adapter_is_the_model_with_its_adapter()
    {
        Save(1);
        float[] merged;
        using (var decoder = Checkpoint.Load(Model))
        {
            Adapt(decoder);
            decoder.MergeAdapter();
            merged = Tiny.Weights(decoder);
        }

        var run = CitrusProcess.Run("merge", "--model", Model, "--adapter", Adapter, "--out", Out);
        Assert.True(run.Exit == 0, run.Error);
        using var loaded = Checkpoint.Load(Out);
        Assert.Equal(merged, Tiny.Weights(loaded));
        CheckpointExport.ToGguf(Model, Out + ".gguf", GgufType.Float32, Adapter);
        Assert.Equal(merged[..(Shape.VocabularySize * 32)], new GgufFile(Out + ".gguf").Tensors["token_embd.weight"].Numbers);
    }

    [Fact]
    public void An_adapter_of_another_base_is_refused_and_what_was_there_stays()
    {
        Save(1);
        using (var decoder = Checkpoint.Load(Model)) Adapt(decoder);
        CheckpointExport.ToHuggingFace(Model, Out);
        var before = File.ReadAllBytes(Path.Combine(Out, "model.safetensors"));
        Save(2);
        Refused(CitrusProcess.Run("merge", "--model", Model, "--adapter", Adapter, "--out", Out), "adapter_model.safetensors", "other weights");
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "model.safetensors")));
        Assert.Equal(["adapter", "model", "out"], Files(_folder));
    }

    [Fact]
    public void Damage_is_named_with_its_file_and_what_was_there_stays()
    {
        Save(1);
        CheckpointExport.ToHuggingFace(Model, Out);
        var before = File.ReadAllBytes(Path.Combine(Out, "model.safetensors"));
        var weights = Path.Combine(Model, "model.safetensors");
        var whole = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, whole[..^10]);
        Refused(CitrusProcess.Run("export", "--model", Model, "--to", "hf", "--out", Out), weights, "truncated");
        File.WriteAllBytes(weights, whole);
        var config = Path.Combine(Model, "config.json");
        var right = File.ReadAllText(config);
        File.WriteAllText(config, right.Replace("\"intermediate_size\": 48", "\"intermediate_size\": 40", StringComparison.Ordinal));
        Assert.Contains("[40, 32] was expected", Assert.Throws<InvalidDataException>(() => CheckpointExport.ToHuggingFace(Model, Out)).Message);
        File.WriteAllText(config, right);
        File.Delete(weights);
        Assert.Contains("has no model.safetensors", Assert.Throws<InvalidDataException>(() => CheckpointExport.ToHuggingFace(Model, Out)).Message);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "model.safetensors")));
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused()
    {
        Save(1);
        BpeTrainer.Train(["a longer text of other words, from which more is learned than the model has ids for"], new BpeTrainerOptions { VocabularySize = 320, MinimumFrequency = 1 }).Save(Model);
        Refused(CitrusProcess.Run("export", "--model", Model, "--to", "gguf", "--out", Out + ".gguf"), "tokenizer.json has", $"knows {Shape.VocabularySize}", "not of one checkpoint");
        Assert.False(File.Exists(Out + ".gguf"));
        Assert.Throws<InvalidDataException>(() => CheckpointExport.ToHuggingFace(Model, Out));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        Save(1);
        Assert.Contains("name another folder", Assert.Throws<ArgumentException>(() => CheckpointExport.ToHuggingFace(Model, Model)).Message);
        Assert.Contains("is a folder; name a file", Assert.Throws<IOException>(() => CheckpointExport.ToGguf(Model, Model)).Message);
        using (var decoder = Checkpoint.Load(Model)) Adapt(decoder);
        Assert.Contains("holds an adapter, no model", Assert.Throws<InvalidDataException>(() => CheckpointExport.ToHuggingFace(Adapter, Out)).Message);
        Refused(CitrusProcess.Run("export", "--model", Model, "--to", "hf", "--out", Out, "--type", "q8_0"), "q8_0 is for --to gguf");
    }

    [Fact]
    public void A_sliding_window_that_llama_cpp_ignores_is_told()
    {
        Save(1, Shape with { Architecture = DecoderArchitecture.Mistral, SlidingWindow = 16 });
        Assert.Contains("at most 16", CheckpointExport.ToGguf(Model, Out + ".gguf"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Files(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static void Refused(CitrusProcess run, params string[] reasons)
    {
        Assert.Equal(1, run.Exit);
        Assert.False((bool)run.Line["ok"]!);
        foreach (var reason in reasons) Assert.Contains(reason, run.Error);
    }

    private void Adapt(Decoder decoder)
    {
        decoder.Attach(new LoraOptions { Rank = 2, Targets = ["q_proj", "down_proj"] }, 3);
        foreach (var pair in decoder.Adapter!.Pairs)
        {
            using var grad = torch.no_grad();
            using var values = torch.linspace(-0.1, 0.1, (int)pair.B.Value.numel(), torch.ScalarType.Float32);
            using var shaped = values.view(pair.B.Value.shape);
            pair.B.Value.copy_(shaped);
        }

        PeftAdapter.Save(decoder, Adapter, "model");
    }

    private float[] Save(long seed, DecoderConfig? shape = null)
    {
        using var decoder = new Decoder(shape ?? Shape, seed);
        Checkpoint.Save(decoder, Model, Tokenizer.EndId, Tokenizer.PadId, Tokenizer.Save);
        return Tiny.Weights(decoder);
    }
}
