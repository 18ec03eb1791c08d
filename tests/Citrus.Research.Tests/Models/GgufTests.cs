using System.Buffers.Binary;
using Citrus.Research.Models;
using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Models;

public sealed class GgufTests : IDisposable
{
    private static readonly ByteLevelTokenizer Tokenizer = BpeTrainer.Train(["the spleen is palpable, the fever is high"], new BpeTrainerOptions { VocabularySize = 280 });

    private static readonly DecoderConfig Shape = Tiny.Config with { VocabularySize = Tokenizer.VocabularySize + 2, TiedEmbeddings = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("citrus-test-").FullName;

    private string Target => Path.Combine(_folder, "model.gguf");

    [Fact]
    public void What_the_file_says_is_what_the_decoder_is()
    {
        var file = Written(Shape with { Architecture = DecoderArchitecture.Qwen2, RopeTheta = 1e6 }, out var weights);
        Assert.Equal(("qwen2", 0u, 64u, 2u, 32u, 48u, 4u, 2u, 8u), ((string)file.Values["general.architecture"], (uint)file.Values["general.file_type"], (uint)file.Values["qwen2.context_length"],
            (uint)file.Values["qwen2.block_count"], (uint)file.Values["qwen2.embedding_length"], (uint)file.Values["qwen2.feed_forward_length"], (uint)file.Values["qwen2.attention.head_count"],
            (uint)file.Values["qwen2.attention.head_count_kv"], (uint)file.Values["qwen2.attention.key_length"]));
        Assert.Equal((1e6f, 1e-6f), ((float)file.Values["qwen2.rope.freq_base"], (float)file.Values["qwen2.attention.layer_norm_rms_epsilon"]));
        Assert.Equal([32, Shape.VocabularySize], file.Tensors["token_embd.weight"].Sizes);
        Assert.Equal(weights["model.layers.1.self_attn.k_proj.weight"], file.Tensors["blk.1.attn_k.weight"].Numbers);
        Assert.Equal(weights["model.layers.1.self_attn.v_proj.bias"], file.Tensors["blk.1.attn_v.bias"].Numbers);
        Assert.Equal(weights["model.norm.weight"], file.Tensors["output_norm.weight"].Numbers);
        Assert.Equal(weights.Count, file.Tensors.Count);
        Assert.DoesNotContain("output.weight", file.Tensors.Keys);
    }

    [Fact]
    public void The_tokenizer_travels_with_its_merges_its_roles_and_its_chat()
    {
        var file = Written(Shape, out _);
        var tokens = ((object[])file.Values["tokenizer.ggml.tokens"]).Cast<string>().ToArray();
        Assert.Equal(Enumerable.Range(0, Tokenizer.VocabularySize).Select(Tokenizer.TokenOf), tokens[..^2]);
        Assert.Equal($"[PAD{Tokenizer.VocabularySize}]", tokens[^2]);
        var types = ((object[])file.Values["tokenizer.ggml.token_type"]).Cast<int>().ToArray();
        Assert.Equal((3, 3, 4, 1, 5), (types[Tokenizer.EndId], types[0], types[Tokenizer.IdOf("<think>")!.Value], types[20], types[^1]));
        Assert.Equal(Tokenizer.Merges.Select(m => m.Left + " " + m.Right), ((object[])file.Values["tokenizer.ggml.merges"]).Cast<string>());
        Assert.Equal(("gpt2", "qwen2", (uint)Tokenizer.EndId, (uint)Tokenizer.PadId, false), (file.Values["tokenizer.ggml.model"], file.Values["tokenizer.ggml.pre"],
            (uint)file.Values["tokenizer.ggml.eos_token_id"], (uint)file.Values["tokenizer.ggml.padding_token_id"], (bool)file.Values["tokenizer.ggml.add_bos_token"]));
        Assert.Equal(ChatTemplate.Jinja, file.Values["tokenizer.chat_template"]);
    }

    [Theory, InlineData(DecoderArchitecture.Llama), InlineData(DecoderArchitecture.Mistral)]
    public void A_llamas_queries_and_keys_have_the_two_halves_of_each_head_side_by_side(DecoderArchitecture family)
    {
        var file = Written(Shape with { Architecture = family }, out var weights);
        Assert.Equal("llama", file.Values["general.architecture"]);
        foreach (var (ours, theirs, heads) in new[] { ("q_proj", "attn_q", 4), ("k_proj", "attn_k", 2) })
        {
            var (from, to) = (weights[$"model.layers.0.self_attn.{ours}.weight"], file.Tensors[$"blk.0.{theirs}.weight"].Numbers);
            for (var head = 0; head < heads; head++)
                for (var i = 0; i < 4; i++)
                    for (var half = 0; half < 2; half++)
                        Assert.Equal(from.AsSpan(((head * 8) + (half * 4) + i) * 32, 32).ToArray(), to.AsSpan(((head * 8) + (2 * i) + half) * 32, 32).ToArray());
        }

        Assert.Equal(weights["model.layers.0.self_attn.v_proj.weight"], file.Tensors["blk.0.attn_v.weight"].Numbers);
    }

    [Fact]
    public void Llama_3s_stretched_positions_travel_as_factors()
    {
        // Wavelengths 2 pi 500000^(2 i / 8) of a head of 8: 6.3, 167, 4443, 118000. Below 8192 / 4 unscaled, above 8192 / 1 times 8, in between as Transformers'
        // _compute_llama3_parameters: smooth = (8192 / 4443 - 1) / 3 = 0.2813; 1 / ((1 - smooth) / 8 + smooth) = 2.694.
        var file = Written(Shape with { Architecture = DecoderArchitecture.Llama, RopeTheta = 500_000, RopeScaling = new RopeScaling(8, 1, 4, 8192) }, out _);
        var factors = file.Tensors["rope_freqs.weight"].Numbers;
        Assert.Equal(4, factors.Length);
        Assert.Equal((1f, 1f, 8f), (factors[0], factors[1], factors[3]));
        Assert.Equal(2.694, factors[2], 0.002);
    }

    [Theory, InlineData(GgufType.Float16, 1u), InlineData(GgufType.BFloat16, 30u), InlineData(GgufType.Q8, 8u)]
    public void Narrower_types_round_matrices_and_leave_norms(GgufType type, uint number)
    {
        var file = Written(Shape with { IntermediateSize = 64 }, out var weights, type);
        var matrix = file.Tensors["blk.0.ffn_down.weight"];
        Assert.Equal((number, 0u), (matrix.Type, file.Tensors["blk.0.attn_norm.weight"].Type));
        var exact = weights["model.layers.0.mlp.down_proj.weight"];
        var step = exact.Max(Math.Abs) / (type == GgufType.Q8 ? 254 : type == GgufType.Float16 ? 2048 : 256);
        for (var i = 0; i < exact.Length; i++) Assert.Equal(exact[i], matrix.Numbers[i], 1.01 * step);
    }

    [Fact]
    public void A_matrix_that_blocks_of_32_do_not_fit_is_float16()
    {
        var file = Written(Shape, out _, GgufType.Q8);
        Assert.Equal((1u, 8u), (file.Tensors["blk.0.ffn_down.weight"].Type, file.Tensors["blk.0.ffn_up.weight"].Type));
    }

    [Fact]
    public void A_block_is_its_largest_weight_over_127_times_whole_numbers() => Gen.Float[-8, 8].Array[32].Sample(weights =>
    {
        var block = new byte[34];
        Q8Block.Quantise(weights, block);
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var largest = weights.Max(Math.Abs);
        Assert.Equal(largest / 127, scale, (largest / 127 / 2000) + 1e-7);
        for (var i = 0; i < 32; i++) Assert.Equal(largest == 0 ? 0 : MathF.Round(weights[i] / (largest / 127)), (sbyte)block[2 + i], 1.0001 * 0.5);
        Assert.Contains(weights.Select((_, i) => Math.Abs((int)(sbyte)block[2 + i])), q => largest == 0 || q == 127);
    }, iter: 200, threads: 1);

    [Fact]
    public void Weights_that_no_block_can_hold_are_refused()
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, 1e8f })
        {
            var weights = new float[32];
            weights[7] = bad;
            Assert.Throws<InvalidDataException>(() => Q8Block.Quantise(weights, new byte[34]));
        }

        using var decoder = Decoder.FromWeights(Shape, (_, values) => Array.Fill(values, 1e8f));
        Assert.Contains("token_embd", GgufNames.Of("model.embed_tokens.weight"));
        Assert.Contains("Tensor model.embed_tokens.weight cannot be quantised", Assert.Throws<InvalidDataException>(() => Gguf.Write(Target, decoder, Tokenizer, GgufType.Q8)).Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_word_tokenizer_cannot_be_expressed_and_the_way_out_is_told()
    {
        var words = WordTokenizer.Train(["fever and cough"]);
        using var decoder = new Decoder(Shape, 1);
        var message = Assert.Throws<InvalidDataException>(() => Gguf.Write(Target, decoder, words)).Message;
        Assert.Contains("word tokenizer", message);
        Assert.Contains("--tokenizer bpe", message);
    }

    [Fact]
    public void A_tokenizer_of_more_tokens_than_the_model_knows_is_refused()
    {
        using var decoder = new Decoder(Shape with { VocabularySize = 100 }, 1);
        Assert.Contains($"has {Tokenizer.VocabularySize} tokens, the model knows 100", Assert.Throws<InvalidDataException>(() => Gguf.Write(Target, decoder, Tokenizer)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private GgufFile Written(DecoderConfig config, out Dictionary<string, float[]> weights, GgufType type = GgufType.Float32)
    {
        var all = new Dictionary<string, float[]>();
        using var decoder = new Decoder(config, 4, new DecoderInitialisation());
        decoder.Read(all.Add);
        weights = all;
        Gguf.Write(Target, decoder, Tokenizer, type);
        return new GgufFile(Target);
    }
}
