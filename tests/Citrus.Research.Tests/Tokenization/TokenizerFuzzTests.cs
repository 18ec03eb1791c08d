using System.Text;
using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Tokenization;

/// <summary>Files from elsewhere, changed at random: they are read or refused by name, and nothing else happens.</summary>
public sealed class TokenizerFuzzTests
{
    private static readonly string[] Words = ["{", "}", "[", "]", "\"", ",", ":", "null", "-1", "1e999", "99999999999", "\"\\ud800\"", "true", "0", " ", "{%", "{{", "'", "-%}"];

    private static readonly Gen<byte[]> Bits = Gen.OneOf(Gen.Byte.Array[1, 3], Gen.Int[0, Words.Length - 1].Select(i => Encoding.UTF8.GetBytes(Words[i])));

    [Theory]
    [InlineData("qwen")]
    [InlineData("llama3")]
    public void A_changed_tokenizer_is_read_or_refused(string shape)
    {
        var original = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", "variants", shape, "tokenizer.json"));
        Gen.Select(Changes(original), Gen.String[0, 10]).Sample((bytes, text) => Survives(folder => File.WriteAllBytes(folder["tokenizer.json"], bytes), text), iter: 400);
    }

    [Fact]
    public void A_changed_configuration_is_read_or_refused()
    {
        var vectors = Path.Combine(AppContext.BaseDirectory, "Tokenization", "vectors", "byte-level");
        Changes(File.ReadAllBytes(Path.Combine(vectors, "tokenizer_config.json"))).Sample(bytes => Survives(folder =>
        {
            File.Copy(Path.Combine(vectors, "tokenizer.json"), folder["tokenizer.json"]);
            File.WriteAllBytes(folder["tokenizer_config.json"], bytes);
        }, "a"), iter: 200);
    }

    [Fact]
    public void A_changed_template_is_recognised_or_refused()
    {
        var templates = ChatTemplates.All.Values.ToArray();
        Gen.Int[0, templates.Length - 1].SelectMany(i => Changes(Encoding.UTF8.GetBytes(templates[i]))).Sample(bytes =>
        {
            try
            {
                _ = ChatRecognition.Style(Encoding.UTF8.GetString(bytes), "<s>", "</s>");
            }
            catch (FormatException)
            {
            }
        });
    }

    private static Gen<byte[]> Changes(byte[] original) =>
        Gen.Select(Gen.Int[0, original.Length - 1], Gen.Int[0, 40], Bits).Array[1, 3].Select(changes =>
        {
            var bytes = original.ToList();
            foreach (var (at, length, instead) in changes)
            {
                var from = Math.Min(at, bytes.Count);
                bytes.RemoveRange(from, Math.Min(length, bytes.Count - from));
                bytes.InsertRange(from, instead);
            }

            return bytes.ToArray();
        });

    private static void Survives(Action<TempFolder> write, string text)
    {
        using var folder = new TempFolder();
        write(folder);
        try
        {
            var tokenizer = StudentTokenizer.Load(folder.Root);
            tokenizer.Decode(tokenizer.Encode(text));
            _ = tokenizer.ChatFormat;
        }
        catch (TokenizerFormatException e)
        {
            Assert.Contains(folder.Root, e.Message);
        }
    }
}
