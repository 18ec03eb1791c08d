using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

/// <summary>Bad input: everything that does not fit is told, and the denominator is the benchmark's size.</summary>
public sealed class EvaluationPartsTests
{
    private static readonly IReadOnlyList<Question> Questions = [Some.Question("1"), Some.Question("2", "B"), Some.Question("3", "C")];

    private static Sample Said(string id, string output, string answer = "") =>
        new(id, "", output, null, answer.Length > 0 ? [answer] : [], new ExtractedAnswer(ExtractionTier.None, null, null, false), false);

    private static (EvaluationPart Part, IReadOnlyList<EvaluationProblem> Problems) Of(params Sample[] samples)
    {
        var parts = EvaluationParts.Of(Questions, [.. samples.Select((s, i) => (i + 1, s))], Protocol.Generation, out var problems);
        return (Assert.Single(parts), problems);
    }

    private static readonly Sample[] Right = [Said("1", "<answer>A</answer>"), Said("2", "<answer>B</answer>"), Said("3", "<answer>C</answer>")];

    [Fact]
    public void Where_all_is_well_nothing_is_told()
    {
        var (part, problems) = Of(Right);
        Assert.Empty(problems);
        Assert.Equal(new Rate(3, 3), part.Score.Correct);
    }

    [Fact]
    public void A_question_without_a_prediction_counts_as_wrong()
    {
        var (part, problems) = Of(Right[0]);
        Assert.Equal((new Rate(1, 3), new Rate(2, 3), new Rate(2, 3), new Rate(1, 1)), (part.Score.Correct, part.Score.Missing, part.Score.NoAnswer, part.Score.Valid));
        Assert.Equal(["2", "3"], problems.Select(p => p.Question));
        Assert.All(problems, p => Assert.Equal(EvaluationProblemKind.Missing, p.Kind));
    }

    [Fact]
    public void A_prediction_for_an_unknown_id_counts_for_nothing_and_names_its_line()
    {
        var (part, problems) = Of([.. Right, Said("99", "<answer>A</answer>")]);
        Assert.Equal(new Rate(3, 3), part.Score.Correct);
        var problem = Assert.Single(problems);
        Assert.Equal((EvaluationProblemKind.UnknownQuestion, "99", 4), (problem.Kind, problem.Question, problem.Line));
    }

    [Fact]
    public void Of_a_repeated_id_the_first_counts()
    {
        var (part, problems) = Of([.. Right, Said("1", "<answer>D</answer>")]);
        Assert.Equal(new Rate(3, 3), part.Score.Correct);
        Assert.Contains("in line 1", Assert.Single(problems, p => p.Kind == EvaluationProblemKind.Duplicated).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_no_option_has_is_told_apart_from_no_answer()
    {
        var (part, problems) = Of(Said("1", "<answer>F</answer>"), Said("2", "I cannot say."), Said("3", "The answer is (G)."));
        Assert.Equal(new Rate(0, 3), part.Score.Correct);
        Assert.Null(part.Score.Valid);
        Assert.Equal(["1", "3"], problems.Where(p => p.Kind == EvaluationProblemKind.LabelOutsideOptions).Select(p => p.Question));
    }

    [Fact]
    public void Likelihoods_that_are_no_numbers_or_not_one_for_each_option_count_as_wrong()
    {
        Sample Scored(string id, params double[] scores) => Said(id, "") with { OptionScores = scores };
        var (part, problems) = Of(Scored("1", -1, double.NaN, -3, -4), Scored("2", -5, -1), Scored("3", -5, -5, -1, double.NegativeInfinity));
        Assert.Equal(new Rate(1, 3), part.Score.Correct);
        Assert.Equal(["1", "2"], problems.Where(p => p.Kind == EvaluationProblemKind.BadLikelihood).Select(p => p.Question));
        Assert.Contains("NaN", problems[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_options_count_as_wrong_and_another_truth_is_told()
    {
        var (part, problems) = Of(Said("1", "<answer>A</answer>") with { Variant = "order=AXCD" }, Said("2", "<answer>B</answer>", "C"), Right[2]);
        Assert.Equal(new Rate(2, 3), part.Score.Correct);
        Assert.Equal([(EvaluationProblemKind.OptionsDiffer, "1"), (EvaluationProblemKind.AnswerDiffers, "2")], problems.Select(p => (p.Kind, p.Question)));
    }

    [Fact]
    public void No_prediction_at_all_is_told_and_scores_nothing()
    {
        var (part, problems) = Of();
        Assert.Equal(new Rate(0, 3), part.Score.Correct);
        Assert.Equal(EvaluationProblemKind.Empty, problems[0].Kind);
        Assert.Equal(3, problems.Count(p => p.Kind == EvaluationProblemKind.Missing));
    }

    [Fact]
    public void A_sweep_has_a_score_for_each_value_in_rising_order()
    {
        var samples = Right.SelectMany(s => new[] { s with { Variant = "thinking=256" }, s with { Variant = "thinking=0", Output = "<answer>A</answer>" } }).Select((s, i) => (i, s)).ToList();
        var parts = EvaluationParts.Of(Questions, samples, Protocol.Generation, out var problems);
        Assert.Empty(problems);
        Assert.Equal([("thinking=0", 1), ("thinking=256", 3)], parts.Select(p => (p.Variant, p.Score.Correct.Count)));
    }

    [Fact]
    public void Several_samples_tell_how_they_differ_and_which_are_lacking()
    {
        Sample[] samples = [.. Right.SelectMany(s => new[] { s, s with { Repeat = 1 } })];
        samples[1] = samples[1] with { Output = "<answer>B</answer>" };
        var parts = EvaluationParts.Of(Questions, [.. samples.Take(5).Select(s => (0, s))], Protocol.Generation, out var problems, _ => 2);
        Assert.Equal("question 3: 1 of 2 samples; those that are there vote.", Assert.Single(problems).Text);
        var spread = parts[0].Spread!;
        Assert.Equal((2, new Rate(4, 5), new Rate(2, 3)), (spread.Samples, spread.Single, spread.Consistent));
        Assert.Equal((0.5, 1.0), (spread.Lowest, spread.Highest));
    }
}
