using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Some = Citrus.Research.Tests.Questions.Some;

namespace Citrus.Research.Tests.Evaluation;

public sealed class CleanScoreTests
{
    private static Sample Said(string question, bool right) => new(question, "", "", null, ["A"], new ExtractedAnswer(ExtractionTier.Stated, right ? "A" : "B", null, false), right);

    [Fact]
    public void Raw_clean_and_contaminated_stand_side_by_side()
    {
        var questions = Enumerable.Range(0, 100).Select(i => Some.Question($"q{i}")).ToList();
        // 56 of the first 70 and 15 of the other 30 are right.
        var score = CleanScore.Of(questions, questions.Select((q, i) => Said(q.Id, i < 70 ? i < 56 : i < 85)), i => i >= 70);
        Assert.Equal((100, 0.71), (score.All.N, score.All.Accuracy));
        Assert.Equal((70, 0.8), (score.Clean!.N, score.Clean.Accuracy));
        Assert.Equal((30, 0.5), (score.Contaminated!.N, score.Contaminated.Accuracy));
        Assert.InRange(score.Clean.Interval.Low, 0.69, 0.70);
        Assert.InRange(-0.3, score.Gap!.Value.Low, score.Gap.Value.High);
    }

    [Fact]
    public void The_interval_of_the_gap_is_newcombes()
    {
        // Newcombe 1998 (Statistics in Medicine 17: 873-890), table II, method 10, contrast (a): 56/70 - 48/80 is 0.0524 to 0.3339.
        var questions = Enumerable.Range(0, 150).Select(i => Some.Question($"q{i}")).ToList();
        var gap = CleanScore.Of(questions, questions.Select((q, i) => Said(q.Id, i < 70 ? i < 56 : i < 118)), i => i < 70).Gap!.Value;
        Assert.Equal((0.0524, 0.3339), (Math.Round(gap.Low, 4), Math.Round(gap.High, 4)));
    }

    [Fact]
    public void What_was_not_answered_is_wrong_and_what_was_not_asked_is_told()
    {
        var score = CleanScore.Of([Some.Question("a"), Some.Question("b")], [Said("a", true), Said("z", true)], _ => false);
        Assert.Equal(0.5, score.All.Accuracy);
        Assert.Null(score.Contaminated);
        Assert.Null(score.Gap);
        Assert.Equal(["b"], score.Missing);
        Assert.Equal(["z"], score.Unknown);
    }

    [Fact]
    public void Several_samples_of_a_question_count_by_their_mean()
    {
        var score = CleanScore.Of([Some.Question("a"), Some.Question("b")], [Said("a", true), Said("a", false), Said("b", true), Said("b", true)], i => i == 0);
        Assert.Equal((0.75, 1, 0.5), (score.All.Accuracy, score.Clean!.Accuracy, score.Contaminated!.Accuracy));
        Assert.True(score.All.Interval is { Low: > 0, High: 1 });
    }

    [Fact]
    public void Ids_that_come_twice_are_refused() =>
        Assert.Contains("a is there 2 times", Assert.Throws<ArgumentException>(() => CleanScore.Of([Some.Question("a"), Some.Question("a")], [], _ => false)).Message, StringComparison.Ordinal);
}
