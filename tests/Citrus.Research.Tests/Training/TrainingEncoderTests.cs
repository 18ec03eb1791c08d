using Citrus.Research.Examples;
using Citrus.Research.Tokenization;
using Citrus.Research.Training;

namespace Citrus.Research.Tests.Training;

public sealed class TrainingEncoderTests
{
    private static readonly WordTokenizer Words = WordTokenizer.Of("fever cough so flu cold first ?".Split(' '));

    private static Pair Some(string chosen, string rejected) => new() { Id = "p", Prompt = [new Turn("user", "fever cough ?")], Chosen = chosen, Rejected = rejected };

    private static string Learned(TrainingSequence sequence) => Words.Decode([.. sequence.Ids.Where((_, i) => sequence.Weights[i] > 0)]);

    [Fact]
    public void A_pair_is_learned_from_its_first_word_or_from_the_first_that_differs()
    {
        var pair = Some("so cough so flu so", "so cough so cold");
        var whole = TrainingEncoder.Encode(Words, pair);
        Assert.Equal(("so cough so flu so <|end|>", "so cough so cold <|end|>"), (Learned(whole.Chosen), Learned(whole.Rejected)));
        var parted = TrainingEncoder.Encode(Words, pair, fromDivergence: true);
        Assert.Equal(("flu so <|end|>", "cold <|end|>"), (Learned(parted.Chosen), Learned(parted.Rejected)));
        Assert.Equal(whole.Chosen.Ids, parted.Chosen.Ids);
    }

    [Fact]
    public void An_answer_that_ends_where_the_other_goes_on_differs_in_its_end()
    {
        var parted = TrainingEncoder.Encode(Words, Some("so", "so flu"), fromDivergence: true);
        Assert.Equal(("<|end|>", "flu <|end|>"), (Learned(parted.Chosen), Learned(parted.Rejected)));
    }

    [Fact]
    public void Two_answers_that_do_not_differ_are_no_pair() =>
        Assert.Contains("p", Assert.Throws<ArgumentException>(() => TrainingEncoder.Encode(Words, Some("so flu", "so  flu"), fromDivergence: true)).Message, StringComparison.Ordinal);
}
