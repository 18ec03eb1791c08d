using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class BallotTests
{
    private static readonly Question Question = Some.Question();

    private static Sample Said(string output, int repeat = 0, string variant = "") =>
        new("q1", "", output, 3, ["A"], new ExtractedAnswer(ExtractionTier.None, null, null, false), false) { Repeat = repeat, Variant = variant };

    private static Sample Scored(double[] scores, string variant = "") => Said("", 0, variant) with { OptionScores = scores };

    [Fact]
    public void The_majority_counts_and_an_output_without_an_answer_does_not_vote()
    {
        var vote = Ballot.Of(Question, [Said("I do not know"), Said("I do not know", 1), Said("<answer>B</answer>", 2), Said("<answer>A</answer>", 3), Said("<answer>A</answer>", 4)]);
        Assert.Equal((true, 5, 2, 15), (vote.Correct, vote.Samples, vote.Votes, vote.OutputTokens));
    }

    [Fact]
    public void A_tie_goes_to_what_was_chosen_first()
    {
        Sample[] samples = [Said("<answer>B</answer>"), Said("<answer>A</answer>", 1), Said("<answer>A</answer>", 2), Said("<answer>B</answer>", 3)];
        Assert.Equal(["B"], Ballot.Of(Question, samples).Choice);
    }

    [Fact]
    public void Answers_of_other_orders_are_brought_back()
    {
        // Shown as B D A C: the first option is B's text.
        Assert.Equal(["B"], Ballot.Of(Question, [Said("<answer>A</answer>", 0, "order=BDAC")]).Choice);
        Assert.Equal(["B"], Ballot.Of(Question, [Said("<answer>A. pulmonary_embolism</answer>", 0, "order=BDAC")]).Choice);
        Assert.Equal(3, Ballot.Of(Question, [Said("<answer>A</answer>"), Said("<answer>C</answer>", 1, "order=BDAC"), Said("<answer>D</answer>", 2, "order=DCBA")]).Votes);
    }

    [Fact]
    public void Scores_are_averaged_over_orders_and_the_first_of_equals_wins()
    {
        var vote = Ballot.Of(Question, [Scored([-1, -2, -3, -4]), Scored([-5, -2, -3, -4], "order=BDAC")]);
        Assert.Equal(("B", 1), (Assert.Single(vote.Choice), vote.Votes));
        Assert.Equal([-3, -2, -3, -4], vote.OptionScores!);
        Assert.Equal(["A"], Ballot.Of(Question, [Scored([-1, -1, -2, -2])]).Choice);
        Assert.Empty(Ballot.Of(Question, [Scored([-1, double.NaN, -2, -2])]).Choice);
    }

    [Fact]
    public void What_a_judge_said_is_kept_until_a_rule_can_tell()
    {
        var judged = Said("the heart one") with { Extracted = new ExtractedAnswer(ExtractionTier.Judge, null, "A", false) };
        Assert.Equal((true, ExtractionTier.Judge), (Ballot.Of(Question, [judged]).Correct, Ballot.Of(Question, [judged]).Extracted.Tier));
        Assert.Equal(["B"], Ballot.Of(Question, [judged with { Output = "<answer>B</answer>" }]).Choice);
    }

    [Fact]
    public void Orders_are_different_begin_with_the_published_one_and_are_the_same_for_the_same_seed()
    {
        var orders = OptionOrder.Draw(Question, 10, 7);
        Assert.Equal(10, orders.Distinct().Count());
        Assert.Equal("ABCD", orders[0]);
        Assert.Equal(orders, OptionOrder.Draw(Question, 10, 7));
        Assert.Equal(24, OptionOrder.Draw(Question, 100, 7).Count);
        foreach (var order in orders)
        {
            var shown = OptionOrder.Apply(Question, order);
            // The truth moves along with its text, and the way back leads to it.
            Assert.Equal("angina", shown.AnswerText);
            Assert.Equal("A", OptionOrder.Undo(Question, order, shown.Answer));
            double[] scores = [.. shown.Options.Select(o => (double)o.Text.Length)];
            Assert.Equal(Question.Options.Select(o => (double)o.Text.Length), OptionOrder.Undo(Question, order, scores));
        }
    }
}
