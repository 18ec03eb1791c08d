using Citrus.Research.Evaluation;
using Some = Citrus.Research.Tests.Questions.Some;

namespace Citrus.Research.Tests.Evaluation;

public sealed class CleanScoreTests
{
    private static CleanScore Score(int n, Func<int, bool> isRight, Func<int, bool> isContaminated)
    {
        var questions = Enumerable.Range(0, n).Select(i => Some.Question($"q{i}")).ToList();
        return CleanScore.Of(questions, [.. questions.Select((q, i) => Prediction.Of(q, isRight(i) ? "A" : "B"))], isContaminated);
    }

    [Fact]
    public void Raw_clean_and_contaminated_stand_side_by_side()
    {
        // 56 of the first 70 and 15 of the other 30 are right.
        var score = Score(100, i => i < 70 ? i < 56 : i < 85, i => i >= 70);
        Assert.Equal((new Rate(71, 100), new Rate(56, 70), new Rate(15, 30)), (score.All, score.Clean, score.Contaminated));
        Assert.InRange(-0.3, score.Gap!.Value.Low, score.Gap.Value.High);
    }

    [Fact]
    public void The_interval_of_the_gap_is_newcombes()
    {
        // Newcombe 1998 (Statistics in Medicine 17: 873-890), table II, method 10, contrast (a): 56/70 - 48/80 is 0.0524 to 0.3339.
        var gap = Score(150, i => i < 70 ? i < 56 : i < 118, i => i < 70).Gap!.Value;
        Assert.Equal((0.0524, 0.3339), (Math.Round(gap.Low, 4), Math.Round(gap.High, 4)));
    }

    [Fact]
    public void A_part_without_questions_has_no_score()
    {
        var score = Score(2, _ => true, _ => false);
        Assert.Equal((new Rate(2, 2), null), (score.Clean, score.Contaminated));
        Assert.Null(score.Gap);
    }

    [Fact]
    public void A_prediction_of_another_question_is_refused() =>
        Assert.Contains("not a", Assert.Throws<ArgumentException>(() => CleanScore.Of([Some.Question("a")], [Prediction.Of(Some.Question("b"), "A")], _ => false)).Message, StringComparison.Ordinal);
}
