using System.Text.Json.Nodes;
using Citrus.Research.Models;
using CsCheck;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

/// <summary>Checkpoints as they are published: in shards, in half precision, tied or not, whole or damaged.</summary>
public sealed class CheckpointWeightsTests : IDisposable
{
    private static readonly DecoderArchitecture[] Families = [DecoderArchitecture.Qwen3, DecoderArchitecture.Qwen2, DecoderArchitecture.Llama, DecoderArchitecture.Mistral];

    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    private string Target => Path.Combine(_folder, "model");

    private string Index => Path.Combine(Target, "model.safetensors.index.json");

    [Fact]
    public void A_checkpoint_in_shards_is_the_one_in_one_file()
    {
        foreach (var family in Families)
        {
            var weights = Save(family, new SaveOptions { LargestShard = 6000 });
            Assert.True(Shards().Length > 2);
            using var loaded = Checkpoint.Load(Target);
            Assert.Equal(weights, Tiny.Weights(loaded));
            Assert.Equal(family, loaded.Config.Architecture);
        }
    }

    [Fact]
    public void The_index_says_where_every_tensor_is_and_how_much_there_is()
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        var index = JsonNode.Parse(File.ReadAllText(Index))!;
        var total = 0L;
        foreach (var shard in Shards())
        {
            foreach (var entry in Safetensors.ReadHeader(shard))
            {
                Assert.Equal(Path.GetFileName(shard), (string?)index["weight_map"]![entry.Name]);
                total += entry.End - entry.Begin;
            }

            Assert.True(new FileInfo(shard).Length < 6000 + 1500 || Safetensors.ReadHeader(shard).Count == 1);
        }

        Assert.Equal(total, (long)index["metadata"]!["total_size"]!);
        Assert.Equal($"model-00001-of-{Shards().Length:00000}.safetensors", Path.GetFileName(Shards()[0]));
    }

    [Theory, InlineData(torch.ScalarType.BFloat16), InlineData(torch.ScalarType.Float16)]
    public void Half_precision_in_the_file_is_what_libtorch_rounds_to(torch.ScalarType type)
    {
        var weights = Save(DecoderArchitecture.Qwen3, new SaveOptions { Type = type });
        using var loaded = Checkpoint.Load(Target);
        using var rounded = torch.tensor(weights).to_type(type).to_type(torch.ScalarType.Float32);
        Assert.Equal(rounded.data<float>().ToArray(), Tiny.Weights(loaded));
        Assert.Equal(type == torch.ScalarType.BFloat16 ? "bfloat16" : "float16", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "config.json")))!["torch_dtype"]);
        using var half = Checkpoint.Load(Target, torch.CPU, type);
        Assert.Equal(type, half.Parameters[0].Value.dtype);
    }

    [Fact]
    public void Float64_is_read_too_and_notes_come_back()
    {
        var path = Path.Combine(_folder, "d.safetensors");
        using var decoder = Decoder(DecoderArchitecture.Qwen3);
        SafetensorsWriter.WriteFile(path, new DecoderWeights(decoder).Entries, new DecoderWeights(decoder), new SaveOptions { Type = torch.ScalarType.Float64, Metadata = new Dictionary<string, string> { ["by"] = "a test" } });
        using var file = SafetensorsFile.Open(path);
        using var norm = torch.empty(32, torch.ScalarType.Float32);
        file.CopyTo("model.norm.weight", norm);
        Assert.Equal(Enumerable.Repeat(1f, 32), norm.data<float>().ToArray());
        Assert.Equal("F64", file.Entries[0].Type);
        Assert.Equal(("pt", "a test"), (file.Metadata["format"], file.Metadata["by"]));
    }

    [Fact]
    public void A_weight_that_float16_cannot_hold_is_not_written_as_infinite()
    {
        using var decoder = Citrus.Research.Models.Decoder.FromWeights(Tiny.Config, (_, values) => Array.Fill(values, 1e5f));
        Assert.Contains("float16 cannot hold", Assert.Throws<InvalidDataException>(() => Checkpoint.Save(decoder, Target, 1, 0, null, new SaveOptions { Type = torch.ScalarType.Float16 })).Message);
        Assert.False(Directory.Exists(Target));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        File.Delete(Shards()[1]);
        Refused("model-00002-of-", "is missing, which", "Download it too");
    }

    [Fact]
    public void A_truncated_shard_is_named()
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        var shard = Shards()[1];
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^8]);
        Refused(Path.GetFileName(shard), "lies outside the file (truncated?)", "Download or write it again");
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("a/model.safetensors")]
    [InlineData("..\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("model.bin")]
    [InlineData(".safetensors")]
    [InlineData("")]
    public void An_index_that_leaves_its_folder_is_refused(string file)
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        Reindex(map => map["model.norm.weight"] = file);
        Refused("a file name in the same folder");
    }

    [Fact]
    public void An_index_that_does_not_agree_with_its_shards_is_refused()
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        var whole = File.ReadAllText(Index);
        var first = Path.GetFileName(Shards()[0]);
        Reindex(map => map["model.norm.weight"] = first);
        Refused("tensor model.norm.weight is in model-", $"not in {first}");
        File.WriteAllText(Index, whole);
        Reindex(map => map["model.layers.7.lost.weight"] = first);
        Refused(first, "lacks tensor model.layers.7.lost.weight");
        File.WriteAllText(Index, whole);
        Reindex(map => map.Remove("model.norm.weight"));
        Refused("model.norm.weight, which model.safetensors.index.json does not name");
        File.WriteAllText(Index, whole);
        File.Copy(Shards()[0], Path.Combine(Target, "twice.safetensors"));
        Reindex(map => map["model.norm.weight"] = "twice.safetensors");
        Refused("is both in");
        File.WriteAllText(Index, """{"weight_map":{"a":"b.safetensors","a":"b.safetensors"}}""");
        Refused("names tensor a twice");
        File.WriteAllText(Index, """{"weight_map":[]}""");
        Refused("no object weight_map");
    }

    [Fact]
    public void Tensors_without_a_place_are_named_and_buffers_that_are_computed_anyway_are_not()
    {
        var with = Save(DecoderArchitecture.Llama);
        Add(("model.layers.0.self_attn.rotary_emb.inv_freq", [4]));
        using (var loaded = Checkpoint.Load(Target)) Assert.Equal(with, Tiny.Weights(loaded));
        Add(("model.layers.0.self_attn.q_proj.bias", [32]), ("score.weight", [2, 32]));
        Refused("2 tensors have no place in a llama decoder", "model.layers.0.self_attn.q_proj.bias, score.weight");
    }

    [Fact]
    public void A_tied_output_layer_may_be_there_if_it_is_the_embedding()
    {
        var weights = Save(DecoderArchitecture.Qwen2);
        var embedding = weights[..(20 * 32)];
        Add(values: embedding, tensors: [("lm_head.weight", [20, 32])]);
        using (var loaded = Checkpoint.Load(Target)) Assert.Equal(weights, Tiny.Weights(loaded));
        Save(DecoderArchitecture.Qwen2);
        embedding[^1] += 1;
        Add(values: embedding, tensors: [("lm_head.weight", [20, 32])]);
        Refused("lm_head.weight differs from model.embed_tokens.weight", "Set it to false");
    }

    [Fact]
    public void Of_tied_tensors_a_writer_may_have_kept_either()
    {
        var weights = Save(DecoderArchitecture.Qwen2);
        Rewrite(list => [.. list.Select(t => t.Name == "model.embed_tokens.weight" ? ("lm_head.weight", t.Shape, t.Values) : t)]);
        using var loaded = Checkpoint.Load(Target);
        Assert.Equal(weights, Tiny.Weights(loaded));
    }

    [Fact]
    public void An_output_layer_that_is_missing_is_explained()
    {
        Save(DecoderArchitecture.Qwen2);
        var config = Path.Combine(Target, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false", StringComparison.Ordinal));
        Refused("lm_head.weight is missing", "tie_word_embeddings: true");
    }

    [Fact]
    public void Pickled_weights_are_not_read_and_the_way_out_is_told()
    {
        Save(DecoderArchitecture.Llama);
        File.Move(Path.Combine(Target, "model.safetensors"), Path.Combine(Target, "pytorch_model.bin"));
        Refused("pytorch_model.bin is in PyTorch's pickle format", "safe_serialization=True");
    }

    [Fact]
    public void Weights_that_were_quantised_are_not_read_as_numbers()
    {
        Save(DecoderArchitecture.Llama);
        var path = Path.Combine(Target, "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        var header = System.Text.Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes));
        File.WriteAllBytes(path, [.. bytes[..8], .. System.Text.Encoding.UTF8.GetBytes(header.Replace("F32", "I32", StringComparison.Ordinal)), .. bytes[(8 + header.Length)..]]);
        Refused("is of type I32", "quantised");
    }

    [Fact]
    public void The_llama_that_Transformers_wrote_is_read_as_it_is()
    {
        var folder = Path.GetDirectoryName(RealData.File("tiny_llama_safetensors", "model", "model.safetensors"))!;
        using var decoder = Checkpoint.Load(folder);
        Assert.Equal((DecoderArchitecture.Llama, 4, 16), (decoder.Config.Architecture, decoder.Config.Layers, decoder.Config.VocabularySize));
        Assert.All(Tiny.Weights(decoder), w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void Random_damage_to_an_index_is_noticed_or_harmless()
    {
        Save(DecoderArchitecture.Llama, new SaveOptions { LargestShard = 6000 });
        var whole = File.ReadAllBytes(Index);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length], Gen.Bool).Sample((at, value, length, cut) =>
        {
            byte[] bytes = [.. whole];
            bytes[at] = value;
            File.WriteAllBytes(Index, cut ? bytes[..length] : bytes);
            try
            {
                using var weights = CheckpointWeights.Open(Target);
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 300, threads: 1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Decoder Decoder(DecoderArchitecture family) => new(Tiny.Config with { Architecture = family, TiedEmbeddings = family is DecoderArchitecture.Qwen2 }, 1);

    private string[] Shards() => [.. Directory.GetFiles(Target, "*.safetensors").Order(StringComparer.Ordinal)];

    private float[] Save(DecoderArchitecture family, SaveOptions? options = null)
    {
        using var decoder = Decoder(family);
        Checkpoint.Save(decoder, Target, 1, 0, null, options);
        return Tiny.Weights(decoder);
    }

    private void Reindex(Action<JsonObject> change)
    {
        var index = JsonNode.Parse(File.ReadAllText(Index))!;
        change(index["weight_map"]!.AsObject());
        File.WriteAllText(Index, index.ToJsonString());
    }

    private void Add(params (string Name, long[] Shape)[] tensors) => Add(null, tensors);

    private void Add(float[]? values, (string Name, long[] Shape)[] tensors) =>
        Rewrite(list => [.. list, .. tensors.Select(t => (t.Name, t.Shape, values ?? new float[t.Shape.Aggregate(1L, (a, b) => a * b)]))]);

    private void Rewrite(Func<List<(string Name, long[] Shape, float[] Values)>, IReadOnlyList<(string, long[], float[])>> change)
    {
        var path = Path.Combine(Target, "model.safetensors");
        var list = new List<(string, long[], float[])>();
        var shapes = Safetensors.ReadHeader(path).ToDictionary(e => e.Name, e => e.Shape);
        Safetensors.Read(path, shapes, (name, values) => list.Add((name, shapes[name], values)));
        Safetensors.Write(path, change(list));
    }

    private void Refused(params string[] reasons)
    {
        var message = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Target)).Message;
        foreach (var reason in reasons) Assert.Contains(reason, message);
    }
}
