using System.Text.Json.Nodes;
using Citrus.Research.Models;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Models;

public sealed class HuggingFaceConfigTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void What_is_absent_has_the_familys_default()
    {
        var llama = Read(Minimal("llama"));
        Assert.Equal((4, 8, 10_000.0, 2048, false, (int?)null), (llama.KeyValueHeads, llama.HeadSize, llama.RopeTheta, llama.MaxPositions, llama.TiedEmbeddings, llama.SlidingWindow));
        var mistral = Read(Minimal("mistral", ("num_attention_heads", "8")));
        Assert.Equal((8, 4, 131072, (int?)4096), (mistral.KeyValueHeads, mistral.HeadSize, mistral.MaxPositions, mistral.SlidingWindow));
        var qwen3 = Read(Minimal("qwen3", ("num_key_value_heads", "2")));
        Assert.Equal((128, 32768, (int?)null), (qwen3.HeadSize, qwen3.MaxPositions, qwen3.SlidingWindow));
        Assert.Equal(4, Read(Minimal("qwen2", ("num_key_value_heads", "null"))).KeyValueHeads);
    }

    [Theory]
    [InlineData("qwen2", "true", "2", null, new[] { int.MaxValue, int.MaxValue, 7 })]
    [InlineData("qwen2", "false", "0", null, new[] { int.MaxValue, int.MaxValue, int.MaxValue })]
    [InlineData("qwen3", "true", "3", null, new[] { int.MaxValue, int.MaxValue, int.MaxValue })]
    [InlineData("qwen3", "true", "0", """["full_attention","sliding_attention","sliding_attention"]""", new[] { int.MaxValue, 7, 7 })]
    [InlineData("qwen2", "true", "0", """["full_attention","full_attention","full_attention"]""", new[] { int.MaxValue, int.MaxValue, int.MaxValue })]
    [InlineData("mistral", "false", "0", null, new[] { 7, 7, 7 })]
    public void Windows_are_those_of_the_family(string family, string use, string full, string? types, int[] windows)
    {
        var config = Read(Minimal(family, ("num_key_value_heads", "2"), ("use_sliding_window", use), ("sliding_window", "7"), ("max_window_layers", full), ("layer_types", types ?? "null")));
        Assert.Equal(windows, Enumerable.Range(0, 3).Select(config.WindowOf));
    }

    [Fact]
    public void Rotary_positions_are_read_as_newer_Transformers_write_them()
    {
        var config = Read(Minimal("llama", ("rope_parameters", """{"rope_theta":500000.0,"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}""")));
        Assert.Equal(500_000, config.RopeTheta);
        Assert.Equal(new RopeScaling(8, 1, 4, 8192), config.RopeScaling);
        Assert.Equal(1e6, Read(Minimal("qwen2", ("num_key_value_heads", "2"), ("rope_parameters", """{"rope_theta":1000000.0,"rope_type":"default"}"""))).RopeTheta);
    }

    [Theory]
    [InlineData("hidden_act", "\"gelu\"", "hidden_act is 'gelu'; supported is silu")]
    [InlineData("mlp_bias", "true", "mlp_bias is true")]
    [InlineData("attention_bias", "true", "attention_bias is true")]
    [InlineData("attention_dropout", "0.1", "attention_dropout is 0.1")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5")]
    [InlineData("quantization_config", "{\"bits\":4}", "quantization_config is {\"bits\":4}")]
    [InlineData("quantization", "{\"group_size\":64,\"bits\":4}", "use the model's unquantised files")]
    [InlineData("rope_scaling", "{\"type\":\"linear\",\"factor\":2}", "rope_scaling is of type 'linear'; supported are default and llama3")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":2}", "original_max_position_embeddings is missing; type llama3 needs it")]
    [InlineData("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":1,\"original_max_position_embeddings\":64}", "high_freq_factor of rope_scaling is 1")]
    [InlineData("rope_scaling", "{\"rope_type\":\"default\",\"mscale\":2}", "rope_scaling.mscale is 2")]
    [InlineData("rope_scaling", "7", "rope_scaling is 7; it must be an object or null")]
    [InlineData("layer_types", "[\"full_attention\",\"sliding_attention\",\"full_attention\"]", "layer_types mixes")]
    [InlineData("layer_types", "[\"chunked_attention\",\"full_attention\",\"full_attention\"]", "layer_types holds 'chunked_attention'")]
    [InlineData("num_experts", "8", "num_experts (8) is a field that is not known for llama")]
    [InlineData("auto_map", "{\"AutoModelForCausalLM\":\"x.Y\"}", "auto_map is")]
    [InlineData("architectures", "[\"LlamaForSequenceClassification\"]", "only LlamaForCausalLM is supported")]
    [InlineData("model_type", "\"mixtral\"", "model_type is 'mixtral'; supported are qwen3, qwen2, llama, mistral")]
    [InlineData("hidden_size", "31", "head_dim is missing and hidden_size (31) is no multiple")]
    [InlineData("hidden_size", "3.5", "hidden_size is 3.5")]
    [InlineData("hidden_size", "\"wide\"", "hidden_size is 'wide'")]
    [InlineData("vocab_size", "null", "vocab_size is missing")]
    [InlineData("tie_word_embeddings", "\"yes\"", "tie_word_embeddings is 'yes'")]
    public void What_is_not_supported_is_named_with_what_is(string field, string value, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Minimal("llama", (field, value))));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("[]"), InlineData("{\"model_type\":7}"), InlineData("{\"model_type\":\"llama\",\"model_type\":\"qwen2\"}"), InlineData("{"), InlineData("null"), InlineData("{\"a\":{\"b\":")]
    public void Damaged_files_are_said_to_be_damaged(string text)
    {
        File.WriteAllText(_path, text);
        Assert.Contains(_path, Assert.Throws<InvalidDataException>(() => HuggingFaceConfig.Read(_path)).Message, StringComparison.Ordinal);
    }

    /// <summary>Published files with fields dropped, doubled in value, turned into another type, and bytes changed: a config or an error that names the file, nothing else.</summary>
    [Fact]
    public void Whatever_is_in_the_file_it_is_a_config_or_an_error_that_names_it()
    {
        var random = new SeededRandom(11);
        string[] values = ["null", "true", "-1", "0", "3", "1e99", "2147483648", "0.5", "\"x\"", "[]", "{}", "[1,\"a\"]", "{\"rope_type\":\"llama3\",\"factor\":1e308}"];
        foreach (var file in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(typeof(HuggingFaceConfigTests).Assembly.Location)!, "Models", "Approved"), "*.config.json"))
        {
            var text = File.ReadAllText(file);
            for (var i = 0; i < 150; i++)
            {
                File.WriteAllText(_path, DamagedJson.Of(text, values, random));
                try
                {
                    Assert.True(HuggingFaceConfig.Read(_path).Parameters > 0);
                }
                catch (InvalidDataException e)
                {
                    Assert.Contains(_path, e.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Notes_and_settings_of_generation_do_no_harm() =>
        Assert.Equal(DecoderArchitecture.Llama, Read(Minimal("llama", ("_name_or_path", "\"x\""), ("eos_token_id", "[1,2]"), ("temperature", "0.6"), ("unsloth_version", "\"2025.1\""), ("use_mrope", "false"), ("id2label", "{\"0\":\"A\"}"))).Architecture);

    public void Dispose() => File.Delete(_path);

    private static JsonObject Minimal(string family, params (string Name, string Value)[] changes)
    {
        var json = new JsonObject { ["model_type"] = family, ["vocab_size"] = 20, ["hidden_size"] = 32, ["intermediate_size"] = 48, ["num_hidden_layers"] = 3, ["num_attention_heads"] = 4 };
        foreach (var (name, value) in changes) json[name] = JsonNode.Parse(value);
        return json;
    }

    private DecoderConfig Read(JsonObject json)
    {
        File.WriteAllText(_path, json.ToJsonString());
        return HuggingFaceConfig.Read(_path);
    }
}
