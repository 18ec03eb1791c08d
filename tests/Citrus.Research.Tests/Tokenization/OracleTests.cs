using System.Text.Json;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Hugging Face's Rust tokenizers 0.23.2 read the same files and gave these ids and texts; vectors/make.js says how.</summary>
public sealed class OracleTests
{
    private sealed record Vector(string Text, int[] Ids, string Decoded, string Skipped);

    private static string Folder(string kind) => Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", kind);

    [Theory]
    [InlineData("word")]
    [InlineData("byte-level")]
    public void Ids_and_texts_equal_those_of_Hugging_Face(string kind)
    {
        var tokenizer = StudentTokenizer.Load(Folder(kind));
        var vectors = File.ReadLines(Path.Combine(Folder(kind), "vectors.jsonl")).Select(l => JsonSerializer.Deserialize<Vector>(l, JsonSerializerOptions.Web)!).ToList();
        Assert.Equal(127, vectors.Count);
        Assert.All(vectors, v =>
        {
            Assert.Equal(v.Ids, tokenizer.Encode(v.Text));
            Assert.Equal(v.Decoded, tokenizer.Decode(v.Ids));
            Assert.Equal(v.Skipped, tokenizer.Decode(v.Ids, skipSpecial: true));
        });
    }

    [Theory]
    [InlineData("word")]
    [InlineData("byte-level")]
    public void Training_on_the_corpus_writes_the_committed_files_byte_for_byte(string kind)
    {
        using var folder = new TempFolder();
        StudentTokenizer tokenizer = kind == "word" ? WordTokenizer.Train(Corpus.Texts) : BpeTrainer.Train(Corpus.Texts, new BpeTrainerOptions { VocabularySize = 360 });
        tokenizer.Save(folder.Root);
        foreach (var file in new[] { "tokenizer.json", "tokenizer_config.json" })
            Assert.Equal(File.ReadAllText(Path.Combine(Folder(kind), file)).ReplaceLineEndings("\n"), File.ReadAllText(folder[file]));
    }

    [Fact]
    public void Qwen2_gives_the_ids_of_llama_cpp()
    {
        var vocabulary = RealData.File("tokenizers", "qwen2", "vocab.json");
        var merges = File.ReadLines(RealData.File("tokenizers", "qwen2", "merges.txt")).Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal));
        using var folder = new TempFolder();
        folder.With("tokenizer.json", $$$"""
            {"added_tokens":[{"id":151643,"content":"<|endoftext|>","special":true}],"normalizer":{"type":"NFC"},
             "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":{{{JsonSerializer.Serialize(CodePointScanner.Qwen)}}}},"behavior":"Isolated","invert":false},
             {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]},
             "model":{"type":"BPE","vocab":{{{File.ReadAllText(vocabulary)}}},"merges":{{{JsonSerializer.Serialize(merges)}}}}}
            """);
        var tokenizer = StudentTokenizer.Load(folder.Root);
        var texts = File.ReadAllText(RealData.File("tokenizers", "vectors", "ggml-vocab-qwen2.gguf.inp")).Split("\n__ggml_vocab_test__\n");
        var ids = File.ReadAllLines(RealData.File("tokenizers", "vectors", "ggml-vocab-qwen2.gguf.out"));
        var checkedTexts = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.Equal(ids[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), tokenizer.Encode(texts[i]));
            checkedTexts++;
        }

        Assert.True(checkedTexts >= 46, $"only {checkedTexts} vectors");
    }
}
