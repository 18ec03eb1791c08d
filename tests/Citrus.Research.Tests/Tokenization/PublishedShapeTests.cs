using System.Text.Json;
using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Our vocabulary in the shapes of published tokenizers; the ids are those of Hugging Face's Rust tokenizers 0.23.2 (vectors/variants/make.js).</summary>
public sealed class PublishedShapeTests
{
    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", "variants", name);

    internal static List<string> Nasty { get; } = JsonSerializer.Deserialize<List<string>>(File.ReadAllText(Path.Combine(Folder("."), "nasty.json")))!;

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen")]
    [InlineData("llama3")]
    [InlineData("tekken")]
    public void Ids_equal_those_of_Hugging_Face_with_and_without_its_first_token(string shape)
    {
        var tokenizer = StudentTokenizer.Load(Folder(shape));
        var expected = JsonSerializer.Deserialize<int[][][]>(File.ReadAllText(Path.Combine(Folder(shape), "ids.json")))!;
        Assert.Equal(Nasty.Count, expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i][0], tokenizer.Encode(Nasty[i]));
            Assert.Equal(expected[i][1], tokenizer.EncodeDocument(Nasty[i]));
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen")]
    [InlineData("llama3")]
    [InlineData("tekken")]
    public void Saving_gives_back_the_files_byte_for_byte(string shape)
    {
        using var folder = new TempFolder();
        var original = Path.Combine(Folder(shape), "tokenizer.json");
        File.Copy(original, folder["tokenizer.json"]);
        File.WriteAllText(folder["special_tokens_map.json"], "{ \"anything\" : 1 }");
        File.WriteAllText(folder["unknown.bin"], "not a tokenizer's");
        using var saved = new TempFolder();
        StudentTokenizer.Load(folder.Root).Save(saved.Root);
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(saved["tokenizer.json"]));
        Assert.Equal("{ \"anything\" : 1 }", File.ReadAllText(saved["special_tokens_map.json"]));
        Assert.False(File.Exists(saved["unknown.bin"]));
    }
}
