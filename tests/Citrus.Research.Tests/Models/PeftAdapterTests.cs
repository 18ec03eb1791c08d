using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class PeftAdapterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    private readonly LoraOptions _options = new() { Rank = 3, Alpha = 7, RankStabilised = true, Targets = ["q_proj", "down_proj", "lm_head"] };

    /// <summary>Names as PEFT's <c>save_pretrained</c> writes them (peft/utils/save_and_load.py: the adapter's own name is left out), for Tiny.Config.</summary>
    private static readonly string[] Expected =
    [
        "base_model.model.lm_head.lora_A.weight [3, 32]", "base_model.model.lm_head.lora_B.weight [20, 3]",
        "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight [3, 48]", "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight [32, 3]",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight [3, 32]", "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight [32, 3]",
        "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight [3, 48]", "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight [32, 3]",
        "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight [3, 32]", "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight [32, 3]",
    ];

    private string Folder => Path.Combine(_root, "adapter");

    [Fact]
    public void A_saved_adapter_is_PEFTs_and_comes_back()
    {
        using var decoder = Saved(1);
        Assert.Equal(Expected, Safetensors.ReadHeader(Path.Combine(Folder, "adapter_model.safetensors")).Select(e => $"{e.Name} [{string.Join(", ", e.Shape)}]").Order(StringComparer.Ordinal));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "adapter_config.json")))!;
        Assert.Equal(("LORA", "CAUSAL_LM", 3, 7, true, "none", "org/base"), ((string?)json["peft_type"], (string?)json["task_type"], (int)json["r"]!, (int)json["lora_alpha"]!, (bool)json["use_rslora"]!, (string?)json["bias"], (string?)json["base_model_name_or_path"]));
        using var again = new Decoder(Tiny.Config, 1);
        var adapter = PeftAdapter.Read(Folder, again, "somewhere/Base");
        again.Attach(adapter);
        Assert.Equal(LoraTests.Logs(decoder), LoraTests.Logs(again));
        Assert.Equal(_options.Targets, adapter.Options.Targets);
        Assert.Equal(decoder.Adapter!.Scale, adapter.Scale);
        Assert.Equal(7 / Math.Sqrt(3), adapter.Scale);
    }

    [Fact]
    public void Saving_again_replaces_the_folder_but_not_one_of_other_things()
    {
        using var decoder = Saved(1);
        PeftAdapter.Save(decoder, Folder, "org/other", new SaveOptions { Type = torch.ScalarType.BFloat16 });
        Assert.Equal("BF16", Safetensors.ReadHeader(Path.Combine(Folder, "adapter_model.safetensors"))[0].Type);
        PeftAdapter.Read(Folder, decoder).Dispose();
        File.WriteAllText(Path.Combine(Folder, "thesis.tex"), "");
        Assert.Throws<IOException>(() => PeftAdapter.Save(decoder, Folder));
        Assert.Throws<InvalidOperationException>(() => PeftAdapter.Save(new Decoder(Tiny.Config, 1), Folder));
    }

    /// <summary>Fields as PEFT 0.17 writes them.</summary>
    [Fact]
    public void A_config_as_PEFT_writes_it_is_read()
    {
        using var decoder = Saved(1);
        File.WriteAllText(Path.Combine(Folder, "adapter_config.json"), """
            { "alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "org/base", "bias": "none", "corda_config": null, "eva_config": null, "exclude_modules": null,
              "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true, "layer_replication": null, "layers_pattern": null, "layers_to_transform": null,
              "loftq_config": {}, "lora_alpha": 7, "lora_bias": false, "lora_dropout": 0.05, "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null,
              "peft_type": "LORA", "qalora_group_size": 16, "r": 3, "rank_pattern": {}, "revision": null, "target_modules": ["lm_head", "q_proj", "down_proj"], "target_parameters": null,
              "task_type": "CAUSAL_LM", "trainable_token_indices": null, "use_dora": false, "use_qalora": false, "use_rslora": true }
            """);
        using var adapter = PeftAdapter.Read(Folder, decoder);
        Assert.Equal(5, adapter.Pairs.Count);
    }

    [Fact]
    public void Layers_may_be_chosen_by_a_pattern()
    {
        using var decoder = Saved(1);
        Change("target_modules", "\".*\\\\.(q_proj|down_proj)|lm_head\"");
        using var adapter = PeftAdapter.Read(Folder, decoder);
        Assert.Equal(5, adapter.Pairs.Count);
        Change("target_modules", "\"(\"");
        Assert.Contains("not understood", Assert.Throws<InvalidDataException>(() => PeftAdapter.Read(Folder, decoder)).Message);
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"", "peft_type is 'IA3'; supported is LORA")]
    [InlineData("task_type", "\"SEQ_CLS\"", "task_type is 'SEQ_CLS'")]
    [InlineData("bias", "\"all\"", "bias is 'all'; supported is none")]
    [InlineData("use_dora", "true", "use_dora is true")]
    [InlineData("fan_in_fan_out", "true", "fan_in_fan_out is true")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "modules_to_save is [\"lm_head\"]")]
    [InlineData("rank_pattern", "{\"q_proj\":8}", "rank_pattern is")]
    [InlineData("alpha_pattern", "{\"q_proj\":8}", "alpha_pattern is")]
    [InlineData("layers_to_transform", "[0]", "layers_to_transform is")]
    [InlineData("lora_bias", "true", "lora_bias is true")]
    [InlineData("some_new_trick", "3", "some_new_trick is 3")]
    [InlineData("init_lora_weights", "\"pissa\"", "init_lora_weights is 'pissa'")]
    [InlineData("r", "4", "[4, 32] was expected with r = 4")]
    [InlineData("r", "0", "r is 0")]
    [InlineData("r", "1000000", "r is 1000000")]
    [InlineData("lora_alpha", "\"x\"", "lora_alpha is 'x'")]
    [InlineData("target_modules", "null", "target_modules is missing")]
    [InlineData("target_modules", "[\"c_attn\"]", "chooses no linear layer of this model")]
    [InlineData("target_modules", "[\"q_proj\",\"k_proj\",\"down_proj\",\"lm_head\"]", "k_proj.lora_A.weight is missing")]
    [InlineData("target_modules", "[\"q_proj\",\"lm_head\"]", "is no update of a layer")]
    public void What_is_not_supported_or_does_not_fit_is_named(string field, string value, string message)
    {
        using var decoder = Saved(1);
        Change(field, value);
        var error = Assert.Throws<InvalidDataException>(() => PeftAdapter.Read(Folder, decoder));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_the_config_it_is_an_adapter_or_an_error_that_names_the_folder()
    {
        using var decoder = Saved(1);
        var random = new SeededRandom(11);
        var path = Path.Combine(Folder, "adapter_config.json");
        var text = File.ReadAllText(path);
        string[] values = ["null", "true", "-1", "3", "1e99", "2147483648", "0.5", "\"x\"", "\"(a+)+$\"", "[]", "{}", "[1,\"a\"]", "[\"q_proj\"]"];
        for (var i = 0; i < 200; i++)
        {
            File.WriteAllText(path, DamagedJson.Of(text, values, random));
            try
            {
                PeftAdapter.Read(Folder, decoder).Dispose();
            }
            catch (InvalidDataException e)
            {
                Assert.Contains(Folder, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_adapter_for_another_base_is_refused()
    {
        using var decoder = Saved(1);
        Assert.Contains("base_model_name_or_path is 'org/base', but the model is 'org/other'", Fails(decoder, "org/other"));
        using var otherWeights = new Decoder(Tiny.Config, 2);
        Assert.Contains("trained on other weights (org/base)", Fails(otherWeights));
        using var wider = new Decoder(Tiny.Config with { IntermediateSize = 56 }, 1);
        Assert.Contains("for another model (base_model_name_or_path: 'org/base')", Fails(wider));
        string Fails(Decoder model, string? name = null) => Assert.Throws<InvalidDataException>(() => PeftAdapter.Read(Folder, model, name)).Message;
    }

    [Fact]
    public void A_folder_without_an_adapter_is_said_to_have_none()
    {
        using var decoder = new Decoder(Tiny.Config, 1);
        Assert.Contains("is no adapter", Assert.Throws<InvalidDataException>(() => PeftAdapter.Read(_root, decoder)).Message);
        using var saved = Saved(1);
        File.Delete(Path.Combine(Folder, "adapter_model.safetensors"));
        Assert.Contains("has no adapter_model.safetensors", Assert.Throws<InvalidDataException>(() => PeftAdapter.Read(Folder, decoder)).Message);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Decoder Saved(long seed)
    {
        var decoder = new Decoder(Tiny.Config, seed);
        LoraTests.Disturb(decoder.Attach(_options, seed: 5));
        PeftAdapter.Save(decoder, Folder, "org/base");
        return decoder;
    }

    private void Change(string field, string value)
    {
        var path = Path.Combine(Folder, "adapter_config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
    }
}
