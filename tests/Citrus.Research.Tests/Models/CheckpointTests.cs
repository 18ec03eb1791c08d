using System.Text.Json.Nodes;
using Citrus.Research.Models;

namespace Citrus.Research.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    /// <summary>Names and shapes as Transformers' Qwen3ForCausalLM lists them in its state_dict (modeling_qwen3.py), for Tiny.Config.</summary>
    private const string Expected = """
        lm_head.weight [20, 32]
        model.embed_tokens.weight [20, 32]
        model.layers.0.input_layernorm.weight [32]
        model.layers.0.mlp.down_proj.weight [32, 48]
        model.layers.0.mlp.gate_proj.weight [48, 32]
        model.layers.0.mlp.up_proj.weight [48, 32]
        model.layers.0.post_attention_layernorm.weight [32]
        model.layers.0.self_attn.k_norm.weight [8]
        model.layers.0.self_attn.k_proj.weight [16, 32]
        model.layers.0.self_attn.o_proj.weight [32, 32]
        model.layers.0.self_attn.q_norm.weight [8]
        model.layers.0.self_attn.q_proj.weight [32, 32]
        model.layers.0.self_attn.v_proj.weight [16, 32]
        model.layers.1.input_layernorm.weight [32]
        model.layers.1.mlp.down_proj.weight [32, 48]
        model.layers.1.mlp.gate_proj.weight [48, 32]
        model.layers.1.mlp.up_proj.weight [48, 32]
        model.layers.1.post_attention_layernorm.weight [32]
        model.layers.1.self_attn.k_norm.weight [8]
        model.layers.1.self_attn.k_proj.weight [16, 32]
        model.layers.1.self_attn.o_proj.weight [32, 32]
        model.layers.1.self_attn.q_norm.weight [8]
        model.layers.1.self_attn.q_proj.weight [32, 32]
        model.layers.1.self_attn.v_proj.weight [16, 32]
        model.norm.weight [32]
        """;

    private string Target => Path.Combine(_folder, "student");

    [Theory, InlineData(false), InlineData(true)]
    public void A_saved_student_has_the_tensors_that_Transformers_expects(bool tied)
    {
        Save(1, tied);
        var found = Safetensors.ReadHeader(Path.Combine(Target, Checkpoint.WeightsFile)).Select(t => $"{t.Name} [{string.Join(", ", t.Shape)}]").Order(StringComparer.Ordinal);
        var expected = Expected.ReplaceLineEndings("\n").Split('\n').Where(l => !tied || !l.StartsWith("lm_head", StringComparison.Ordinal));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void The_config_is_Qwen3s()
    {
        Save(1, tied: true);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "config.json")))!;
        Assert.Equal("Qwen3ForCausalLM", (string?)json["architectures"]![0]);
        Assert.Equal("qwen3", (string?)json["model_type"]);
        Assert.Equal((20, 32, 48, 2, 4, 2, 8), ((int)json["vocab_size"]!, (int)json["hidden_size"]!, (int)json["intermediate_size"]!, (int)json["num_hidden_layers"]!, (int)json["num_attention_heads"]!, (int)json["num_key_value_heads"]!, (int)json["head_dim"]!));
        Assert.Equal((true, false, "silu", 1, 0, 64), ((bool)json["tie_word_embeddings"]!, (bool)json["attention_bias"]!, (string?)json["hidden_act"], (int)json["eos_token_id"]!, (int)json["pad_token_id"]!, (int)json["max_position_embeddings"]!));
        Assert.False((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(Target, "generation_config.json")))!["do_sample"]!);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_loaded_student_is_the_saved_one(bool tied)
    {
        var saved = Save(5, tied);
        using var loaded = Checkpoint.Load(Target);
        Assert.Equal(saved, Tiny.Weights(loaded));
        Assert.Equal(Tiny.Config with { TiedEmbeddings = tied }, loaded.Config);
        using var copy = loaded.Clone();
        Assert.Equal(saved, Tiny.Weights(copy));
    }

    [Fact]
    public void Saving_again_replaces_the_folder_and_a_failure_leaves_it_alone()
    {
        Save(1, tied: true);
        var second = Save(2, tied: true);
        using (var third = new Decoder(Tiny.Config, 3))
            Assert.Throws<IOException>(() => Checkpoint.Save(third, Target, 1, 0, _ => throw new IOException("disk full")));
        using var kept = Checkpoint.Load(Target);
        Assert.Equal(second, Tiny.Weights(kept));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_folder_of_other_things_is_not_replaced()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "thesis.tex"), "");
        using var decoder = new Decoder(Tiny.Config, 1);
        Assert.Contains("holds other files", Assert.Throws<IOException>(() => Checkpoint.Save(decoder, Target, 1, 0)).Message);
        Assert.True(File.Exists(Path.Combine(Target, "thesis.tex")));
    }

    [Fact]
    public void A_students_folder_with_notes_in_it_is_not_replaced_either()
    {
        Save(1, tied: true);
        File.WriteAllText(Path.Combine(Target, "notes.md"), "keep me");
        using var decoder = new Decoder(Tiny.Config, 2);
        Assert.Contains("notes.md", Assert.Throws<IOException>(() => Checkpoint.Save(decoder, Target, 1, 0)).Message);
        Assert.True(File.Exists(Path.Combine(Target, "notes.md")));
    }

    [Theory]
    [InlineData("model_type", "\"gemma3\"", "model_type is 'gemma3'")]
    [InlineData("model_type", "\"llama\"", "only LlamaForCausalLM is supported")]
    [InlineData("num_key_value_heads", "3", "divisor of num_attention_heads")]
    [InlineData("head_dim", "7", "head_dim is 7")]
    [InlineData("hidden_size", "\"wide\"", "hidden_size")]
    [InlineData("hidden_act", "\"gelu\"", "'gelu'")]
    [InlineData("rope_scaling", "{\"rope_type\":\"yarn\"}", "'yarn'")]
    [InlineData("intermediate_size", "49", "[49, 32] was expected")]
    [InlineData("num_hidden_layers", "2000000000", "num_hidden_layers is 2000000000")]
    [InlineData("max_position_embeddings", "2000000000", "max_position_embeddings is 2000000000")]
    [InlineData("head_dim", "16777216", "head_dim is 16777216")]
    [InlineData("vocab_size", "99999999999", "vocab_size")]
    public void A_config_that_does_not_fit_is_explained(string field, string value, string message)
    {
        Save(1, tied: true);
        var path = Path.Combine(Target, "config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Target)).Message);
    }

    [Fact]
    public void What_is_no_checkpoint_is_said_to_be_none() =>
        Assert.Contains("no checkpoint", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(_folder)).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private float[] Save(long seed, bool tied)
    {
        using var decoder = new Decoder(Tiny.Config with { TiedEmbeddings = tied }, seed);
        Checkpoint.Save(decoder, Target, endId: 1, padId: 0);
        return Tiny.Weights(decoder);
    }
}
