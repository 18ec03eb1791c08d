using System.Text;
using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Tokenization;

public sealed class ByteLevelTokenizerTests
{
    private static readonly ByteLevelTokenizer Tokenizer = BpeTrainer.Train(Corpus.Texts, new BpeTrainerOptions { VocabularySize = 400 });

    [Fact]
    public void Any_text_comes_back_as_it_was() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab é日\uD83D\uDE00<|end>12'\n"], 0, 30], Gen.Int[0, 8].Select(i => SpecialTokens.All[i])).Array[0, 4].Select(string.Concat)
            .Sample(text => Tokenizer.Decode(Tokenizer.Encode(text)) == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Weights_follow_the_bytes_of_their_stretches()
    {
        Gen.Select(Gen.String[Gen.Char["ab é日 "], 0, 8], Gen.Double[0, 1]).Array[1, 6].Sample(parts =>
        {
            var (ids, weights) = Tokenizer.EncodeWeighted([.. parts.Select(p => new Stretch(p.Item1, p.Item2))]);
            var expected = parts.SelectMany(p => Encoding.UTF8.GetBytes(p.Item1).Select(_ => p.Item2)).ToList();
            var read = 0;
            return ids.SequenceEqual(Tokenizer.Encode(string.Concat(parts.Select(p => p.Item1))))
                && ids.Zip(weights).All(t => t.Second == expected[(read += ByteAlphabet.BytesOf(Tokenizer.TokenOf(t.First)!).Length) - 1]);
        });
    }

    [Fact]
    public void A_very_long_word_is_cut_and_still_comes_back()
    {
        var text = string.Concat(Enumerable.Repeat("𠮷野", 30_000));
        Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
    }

    [Fact]
    public void A_saved_tokenizer_is_read_as_it_was()
    {
        using var folder = new TempFolder();
        Tokenizer.Save(folder.Root);
        var read = Assert.IsType<ByteLevelTokenizer>(StudentTokenizer.Load(folder.Root));
        Assert.Equal(Tokenizer.Merges, read.Merges);
        Assert.Equal(Tokenizer.Roles, read.Roles);
        Assert.All(Corpus.Texts, t => Assert.Equal(Tokenizer.Encode(t), read.Encode(t)));
    }

    [Theory]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "model.type is Unigram; supported is WordLevel or BPE")]
    [InlineData("\"byte_fallback\": false", "\"byte_fallback\": true", "model.byte_fallback is true")]
    [InlineData("\"Isolated\"", "\"Removed\"", "pre_tokenizer.behavior is Removed")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\":\"NFKC\"}", "normalizer.type is NFKC")]
    [InlineData("\"lstrip\": false", "\"lstrip\": true", "'<pad>' lstrip is true")]
    [InlineData("\"e r\"", "\"e qqq\"", "names a token that is not in the vocabulary")]
    [InlineData("\"e r\"", "\"er\"", "a merge is two tokens")]
    [InlineData("\"model\": {", "\"modell\": {", "the object model is missing")]
    [InlineData("\"id\": 1,", "\"id\": 0,", "the id 0 twice")]
    public void A_file_that_asks_for_something_else_is_refused_by_name(string part, string instead, string message)
    {
        using var folder = new TempFolder();
        Tokenizer.Save(folder.Root);
        var json = File.ReadAllText(folder["tokenizer.json"]);
        var at = json.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, part);
        folder.With("tokenizer.json", json[..at] + instead + json[(at + part.Length)..]);
        var error = Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root));
        Assert.Contains(message, error.Message);
        Assert.Contains("tokenizer.json", error.Message);
    }

    [Fact]
    public void A_torn_file_and_an_absent_one_say_so()
    {
        using var folder = new TempFolder();
        Assert.Contains("no such file", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
        folder.With("tokenizer.json", "{\"version\": \"1.0\",\n \"model\": {");
        Assert.Contains("line 2", Assert.Throws<TokenizerFormatException>(() => StudentTokenizer.Load(folder.Root)).Message);
    }

    [Fact]
    public void A_foreign_tokenizer_lacks_our_turns_and_says_so()
    {
        using var folder = new TempFolder();
        Tokenizer.Save(folder.Root);
        folder.With("tokenizer.json", File.ReadAllText(folder["tokenizer.json"]).Replace("<|user|>", "<|im_start|>"));
        Assert.Contains("user", Assert.Throws<InvalidOperationException>(() => StudentTokenizer.Load(folder.Root).UserId).Message);
    }
}
