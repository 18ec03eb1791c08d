using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class ScoreTests
{
    private static Question Of(string id, string kind, string unseen, string ceiling = "0.9") =>
        Some.Question(id, "A", kind, new Dictionary<string, string> { ["unseen"] = unseen, ["ceiling"] = ceiling });

    private static readonly IReadOnlyList<Question> Questions = [Of("1", "test", "true"), Of("2", "diagnosis", "false", "1"), Of("3", "diagnosis", "true", "0.8"), Of("4", "diagnosis", "false")];

    private static readonly IReadOnlyList<Prediction> Predictions =
    [
        Prediction.Of(Questions[0], "<answer> angina A </answer>", 4),
        Prediction.Of(Questions[1], "<answer> gout A </answer>", 8),
        Prediction.Of(Questions[2], "<think> angina"),
        Prediction.Of(Questions[3], "<answer> angina B </answer> .", 9),
    ];

    [Fact]
    public void A_score_counts_by_letter_by_name_and_by_form()
    {
        var score = Score.Of(Questions, Predictions, Protocol.Generation);
        Assert.Equal((new Rate(2, 4), new Rate(2, 4), new Rate(2, 4)), (score.Correct, score.ByLetter, score.ByName));
        Assert.Equal((new Rate(1, 4), new Rate(2, 4), new Rate(2, 4)), (score.NoAnswer, score.WellFormed, score.Disagreeing));
        Assert.Equal(7.0, score.MeanOutputTokens);
        Assert.Equal(0.9, score.Ceiling!.Value, 12);
        Assert.Equal(0.25, score.Chance);
        Assert.True(score.Interval.Contains(0.5));
    }

    [Fact]
    public void Groups_are_by_kind_and_by_tag_in_order()
    {
        var groups = Score.Of(Questions, Predictions, Protocol.Generation).Groups;
        Assert.Equal([("kind", "diagnosis", new Rate(1, 3)), ("kind", "test", new Rate(1, 1)), ("unseen", "false", new Rate(1, 2)), ("unseen", "true", new Rate(1, 2))],
            groups.Select(g => (g.By, g.Value, g.Correct)));
        Assert.Equal(0.9, groups[0].Ceiling!.Value, 12);
    }

    [Fact]
    public void A_set_without_ceilings_has_none_and_a_broken_one_is_an_error()
    {
        IReadOnlyList<Question> without = [Some.Question()];
        Assert.Null(Score.Of(without, [Prediction.Of(without[0], "")], Protocol.Generation).Ceiling);
        IReadOnlyList<Question> broken = [Of("1", "test", "true", "90%")];
        Assert.Contains("90%", Assert.Throws<ArgumentException>(() => Score.Of(broken, [Prediction.Of(broken[0], "")], Protocol.Generation)).Message);
    }

    [Fact]
    public void Predictions_of_other_questions_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Score.Of(Questions, [.. Predictions.Reverse()], Protocol.Generation));
        Assert.Throws<ArgumentException>(() => Score.Of(Questions, [.. Predictions.Take(3)], Protocol.Generation));
        Assert.Throws<ArgumentException>(() => Score.Of([], [], Protocol.Generation));
    }
}
