using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Folders that hold something else than a tokenizer of a supported kind.</summary>
public sealed class TokenizerFilesTests
{
    [Fact]
    public void An_unknown_class_beside_vocabulary_and_merges_is_refused_by_name()
    {
        using var folder = Small("""{"tokenizer_class": "XlmTokenizer"}""");
        var error = Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message;
        Assert.Contains("tokenizer_config.json: tokenizer_class is XlmTokenizer", error);
        Assert.Contains("Qwen2Tokenizer and GPT2Tokenizer", error);
        File.Delete(folder["tokenizer_config.json"]);
        Assert.Contains("tokenizer_class is not named", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
    }

    [Fact]
    public void Vocabulary_and_merges_are_read_with_the_configuration_s_added_tokens()
    {
        using var folder = Small("""
            {"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>", "bos_token": {"content": "<|endoftext|>"}, "add_bos_token": true,
             "added_tokens_decoder": {"300": {"content": "<|endoftext|>", "special": true}, "301": {"content": "<think>", "special": false}}}
            """);
        folder.With("added_tokens.json", """{"<extra>": 302, "<think>": 301}""");
        var tokenizer = StudentTokenizer.Load(folder.Root);
        Assert.Equal([300, 301, 302], tokenizer.Added.Select(t => t.Id));
        Assert.Equal([256, 301, 302], tokenizer.Encode("ab<think><extra>"));
        Assert.Equal([300, 256], tokenizer.EncodeDocument("ab"));
        Assert.Equal("ab<think>", tokenizer.Decode([300, 256, 301], skipSpecial: true));
    }

    [Theory]
    [InlineData("merges.txt", "#version: 0.2\na b\nabc", "merges.txt, line 3: 'abc' is no merge")]
    [InlineData("merges.txt", "a z z", "line 1")]
    [InlineData("merges.txt", "b a", "names a token that is not in the vocabulary")]
    [InlineData("vocab.json", "{\"a\": 1", "not JSON")]
    [InlineData("vocab.json", "{\"a\": -1}", "'a' has the id -1")]
    [InlineData("vocab.json", "{\"a\": 1}", "lacks the byte")]
    [InlineData("added_tokens.json", "{\"x\": \"y\"}", "added_tokens.json: 'x' has the id")]
    public void A_broken_file_is_named_with_its_place(string file, string text, string says)
    {
        using var folder = Small("""{"tokenizer_class": "GPT2Tokenizer"}""");
        folder.With(file, text);
        var error = Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message;
        Assert.Contains(folder.Root, error);
        Assert.Contains(says, error);
    }

    [Fact]
    public void Vocabulary_without_merges_says_what_is_missing()
    {
        using var folder = Small("""{"tokenizer_class": "GPT2Tokenizer"}""");
        File.Delete(folder["merges.txt"]);
        Assert.Contains("merges.txt: no such file", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
    }

    [Theory]
    [InlineData("\n\u000e\n\u0005<unk>\u0015\0\0\0\0\u0018\u0002", "SentencePiece")]
    [InlineData("<unk> 0\n", "SentencePiece")]
    [InlineData("IQ== 0\nIg== 1\n", "a tiktoken file of 2 tokens is of no known model")]
    [InlineData("IQ== 0\nIg== 7\n", "line 2: rank 7 follows 0")]
    [InlineData("IQ== 0\n!!!! 1\n", "line 2: a token's bytes in base64")]
    public void A_file_that_is_no_known_tiktoken_vocabulary_is_refused(string text, string says)
    {
        using var folder = new TempFolder();
        folder.With("tokenizer.model", text);
        Assert.Contains(says, Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
    }

    [Fact]
    public void Merges_that_are_not_all_of_the_vocabulary_s_are_refused_where_pieces_ignore_them()
    {
        using var folder = new TempFolder();
        folder.With("tokenizer.json", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", "byte-level", "tokenizer.json")).Replace("\"ignore_merges\": false", "\"ignore_merges\": true"));
        Assert.Contains("ignore_merges", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
    }

    [Theory]
    [InlineData("student")]
    [InlineData("chatml")]
    [InlineData("llama3")]
    [InlineData("mistral")]
    public void A_chosen_chat_format_is_saved_and_found_again(string name)
    {
        using var folder = Small("""{"tokenizer_class": "GPT2Tokenizer", "eos_token": "</s>", "bos_token": "<s>", "chat_template": "{{ 'something else' }}", "added_tokens_decoder": {"300": {"content": "</s>", "special": true}}}""");
        var tokenizer = StudentTokenizer.Load(folder.Root);
        Assert.Throws<TokenizerFormatException>(() => tokenizer.ChatFormat);
        using var saved = new TempFolder();
        tokenizer.WithChatFormat(ChatFormat.Named(name)).Save(saved.Root);
        var read = StudentTokenizer.Load(saved.Root);
        Assert.Equal(name, read.ChatFormat.Name);
        Assert.Equal(tokenizer.Encode("ab</s>b"), read.Encode("ab</s>b"));
        Assert.Equal(File.ReadAllBytes(folder["merges.txt"]), File.ReadAllBytes(saved["merges.txt"]));
    }

    [Fact]
    public void A_template_of_its_own_file_comes_before_the_configuration_s_and_a_named_one_is_the_default()
    {
        using var folder = Small("""{"tokenizer_class": "GPT2Tokenizer", "chat_template": [{"name": "tool_use", "template": "{{ x }}"}, {"name": "default", "template": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"}]}""");
        Assert.Equal("chatml", StudentTokenizer.Load(folder.Root).ChatFormat.Name);
        folder.With("chat_template.jinja", ChatTemplates.All["llama3"]);
        Assert.Equal("llama3", StudentTokenizer.Load(folder.Root).ChatFormat.Name);
        folder.With("chat_template.jinja", new string('x', 300_000));
        Assert.Contains("longer than", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root).ChatFormat).Message);
    }

    // 256 bytes and one merge
    private static TempFolder Small(string config)
    {
        var folder = new TempFolder();
        folder.With("vocab.json", System.Text.Json.JsonSerializer.Serialize(ByteAlphabet.Tokens.Append("ab").Select((t, i) => (t, i)).ToDictionary(x => x.t, x => x.i)));
        folder.With("merges.txt", "#version: 0.2\na b\n");
        folder.With("tokenizer_config.json", config);
        return folder;
    }
}
