using Citrus.Research.Tokenization;
using CsCheck;

namespace Citrus.Research.Tests.Tokenization;

public sealed class WordTokenizerTests
{
    [Fact]
    public void Special_tokens_come_first_then_words_by_frequency_then_ordinal()
    {
        var tokenizer = WordTokenizer.Train(["b a c b", "c b <|end|> <|end|> a"]);
        Assert.Equal([.. SpecialTokens.All, "b", "a", "c"], Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenOf));
        Assert.Equal((0, 1, 2, 3, 4), (tokenizer.PadId, tokenizer.UnknownId, tokenizer.UserId, tokenizer.AssistantId, tokenizer.EndId));
    }

    [Fact]
    public void A_rare_word_and_a_word_beyond_the_size_are_unknown()
    {
        var tokenizer = WordTokenizer.Train(["a a b b b c"], maximumSize: 11, minimumFrequency: 2);
        Assert.Equal([tokenizer.IdOf("a")!.Value, tokenizer.IdOf("b")!.Value, tokenizer.UnknownId], tokenizer.Encode("a b c"));
        Assert.Null(WordTokenizer.Train(["a a b b b"], maximumSize: 10).IdOf("a"));
    }

    [Fact]
    public void Words_survive_encoding_and_decoding()
    {
        var words = Gen.Char['a', 'z'].Array[1, 8].Select(c => new string(c));
        words.Array[0, 30].Sample(list =>
        {
            var text = string.Join(' ', list);
            return WordTokenizer.Train([text]) is var t && t.Decode(t.Encode("  " + text + "\n")) == text && t.Encode(text).Count == list.Length;
        });
    }

    [Fact]
    public void A_token_weighs_what_the_stretch_with_its_last_character_weighs()
    {
        var tokenizer = WordTokenizer.Of(["ab", "cd", "x"]);
        var (ids, weights) = tokenizer.EncodeWeighted([new(ChatTemplate.Prompt("x cd"), 0), new(" a", 0.5), new("b ", 1), new("", 9), new("cd", 0), new(" <|end|>", 1)]);
        Assert.Equal(tokenizer.Encode("<|user|> x cd <|assistant|> ab cd <|end|>"), ids);
        Assert.Equal([0, 0, 0, 0, 1, 0, 1], weights);
    }

    [Fact]
    public void The_inner_tokenizer_counts_and_trims_as_Microsofts_do()
    {
        var inner = WordTokenizer.Of(["one", "two", "three"]).Inner;
        Assert.Equal(3, inner.CountTokens("one two three"));
        Assert.Equal("one two", "one two three"[..inner.GetIndexByTokenCount("one two three", 2, out _, out _)]);
        Assert.Equal("two one", inner.Decode(inner.EncodeToIds("two   one")));
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("<pad>")]
    public void A_vocabulary_word_is_one_new_word(string word) => Assert.Throws<ArgumentException>(() => WordTokenizer.Of([word]));
}
