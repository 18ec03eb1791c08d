using Citrus.Research.Tokenization;

namespace Citrus.Research.Tests.Tokenization;

public sealed class TokenizerCheckTests
{
    [Fact]
    public void Both_kinds_of_student_tokenizer_pass()
    {
        Assert.All(TokenizerCheck.Run(BpeTrainer.Train(Corpus.Texts, new BpeTrainerOptions { VocabularySize = 300 })), f => Assert.True(f.Passed, $"{f.Name}: {f.Detail}"));
        Assert.All(TokenizerCheck.Run(WordTokenizer.Train(Corpus.Texts)), f => Assert.True(f.Passed, $"{f.Name}: {f.Detail}"));
    }

    [Fact]
    public void Usage_counts_bytes_tokens_and_unknown_words()
    {
        var words = WordTokenizer.Of(["fever", "cough"]);
        var usage = TokenizerCheck.Measure(words, ["fever é", "cough  cough"]);
        Assert.Equal((2, 20, 4, 1, 1), (usage.Texts, usage.Bytes, usage.Tokens, usage.Unknown, usage.Changed));
        Assert.Equal(5, usage.BytesPerToken);
        Assert.Equal("fever é", usage.FirstChanged);
    }

    [Fact]
    public void The_first_difference_is_the_first_token_that_differs()
    {
        var (left, right) = (WordTokenizer.Of(["a", "b", "c"]), WordTokenizer.Of(["a", "c", "b"]));
        var difference = TokenizerCheck.FirstDifference(left, right, ["a a", "a b c"])!;
        Assert.Equal((1, 1), (difference.TextIndex, difference.Position));
        Assert.Equal([(10, "b"), (11, "c")], difference.Left);
        Assert.Equal([(11, "b"), (10, "c")], difference.Right);
        Assert.Null(TokenizerCheck.FirstDifference(left, left, ["a b c"]));
        Assert.Empty(TokenizerCheck.FirstDifference(left, BpeTrainer.Train(["x"], new BpeTrainerOptions { VocabularySize = 265 }), [" "])!.Left);
    }
}
