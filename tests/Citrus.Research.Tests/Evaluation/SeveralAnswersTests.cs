using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class SeveralAnswersTests
{
    private static readonly IReadOnlyList<Option> Options = Some.Options("fever", "vitamin A", "cough", "rash");

    [Theory]
    [InlineData("<answer>A, C</answer>", "AC", ExtractionTier.Tagged)]
    [InlineData("<answer>CA</answer>", "AC", ExtractionTier.Tagged)]
    [InlineData("<think>A or B?</think><answer>A、C</answer>", "AC", ExtractionTier.Tagged)]
    [InlineData("<answer>A. fever; C. cough</answer>", "AC", ExtractionTier.Tagged)]
    [InlineData("<answer>fever; cough</answer>", "AC", ExtractionTier.Tagged)]
    [InlineData("<answer>B. vitamin A</answer>", "B", ExtractionTier.Tagged)]
    [InlineData("<answer>A and D</answer>", "AD", ExtractionTier.Tagged)]
    [InlineData("The answers are A, C and D.", "ACD", ExtractionTier.Stated)]
    [InlineData("答案：ACD", "ACD", ExtractionTier.Stated)]
    [InlineData("A, B", "AB", ExtractionTier.Stated)]
    [InlineData("The answer is (B).", "B", ExtractionTier.Stated)]
    public void Labels_are_found_however_they_are_joined(string output, string labels, ExtractionTier tier)
    {
        var (found, extracted) = SeveralAnswers.Extract(output, Options);
        Assert.Equal((labels, tier), (string.Concat(found), extracted.Tier));
    }

    [Theory]
    [InlineData("<answer>A, F</answer>")]
    [InlineData("<answer>none of these</answer>")]
    [InlineData("The answers are A, F.")]
    [InlineData("<think>A, C")]
    [InlineData("A patient should rest.")]
    public void A_label_that_no_option_has_and_mere_words_are_no_answer(string output) => Assert.Empty(SeveralAnswers.Extract(output, Options).Labels);

    [Fact]
    public void The_end_of_a_long_thought_that_never_ended_is_no_answer() =>
        Assert.Empty(SeveralAnswers.Extract("<think>" + string.Concat(Enumerable.Repeat("Let me look again. ", 2_000)) + "The answers are A, C.", Options).Labels);

    [Theory]
    [InlineData("<Answer>A, C</ANSWER>")]
    [InlineData("<answer>A, C</answer>")]
    public void Tags_are_found_in_any_case_as_they_are_for_one_answer(string output) => Assert.Equal(ExtractionTier.Tagged, SeveralAnswers.Extract(output, Options).Extracted.Tier);

    [Fact]
    public void Exactly_the_right_options_must_be_chosen()
    {
        var question = Some.Question() with { Answers = ["A", "C"] };
        Assert.True(Prediction.Of(question, "<answer>C, A</answer>").Correct);
        Assert.False(Prediction.Of(question, "<answer>A</answer>").Correct);
        Assert.False(Prediction.Of(question, "<answer>A, C, D</answer>").Correct);
        // Where one question of a benchmark has several, the others may be answered with several too, wrongly.
        IReadOnlyList<Question> benchmark = [question, Some.Question("q2")];
        Assert.True(Ballot.Several(benchmark));
        var said = new Sample("q2", "", "<answer>A, B</answer>", null, ["A"], new ExtractedAnswer(ExtractionTier.None, null, null, false), false);
        Assert.Equal((false, "AB"), (Ballot.Of(benchmark[1], [said], several: true).Correct, string.Concat(Ballot.Of(benchmark[1], [said], several: true).Choice)));
    }
}
