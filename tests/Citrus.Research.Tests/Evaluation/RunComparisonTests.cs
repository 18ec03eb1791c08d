using Citrus.Research.Evaluation;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Questions;

namespace Citrus.Research.Tests.Evaluation;

public sealed class RunComparisonTests
{
    private static readonly Protocol Asked = new("asked", "1");

    /// <summary>A run over questions 1, 2, ...: + is right, - is wrong.</summary>
    private static ComparedRun Run(string name, string marks, Protocol? protocol = null, string model = "m", int from = 1, IReadOnlyList<double>? means = null) => new(
        name, model, protocol ?? Asked, [.. marks.Select((_, i) => Some.Question((from + i).ToString("000")))], [.. marks.Select(m => m == '+')], means, []);

    private static string Repeat(string marks, int times) => string.Concat(Enumerable.Repeat(marks, times));

    [Fact]
    public void A_pair_has_its_accuracies_its_discordant_questions_and_the_exact_test()
    {
        // 10 questions: both right on 4, only the first on 5, only the second on 1; two-sided binomial of 1 in 6: 2 (1 + 6) / 64
        var pair = RunComparison.Of([Run("a", "+++++++++-"), Run("b", "++++-----+")]).Pairs.Single();
        Assert.Equal((10, 0.9, 0.5), (pair.Questions, pair.FirstAccuracy, pair.SecondAccuracy));
        Assert.Equal((5, 1), (pair.McNemar.OnlyFirst, pair.McNemar.OnlySecond));
        Assert.Equal(14.0 / 64, pair.PValue, 12);
        Assert.Equal(0.4, pair.Difference.Mean, 12);
        Assert.Equal(0.6, pair.Discordant, 12);
        Assert.True(pair.Difference.Interval.Low < 0.4 && pair.Difference.Interval.High > 0.4);
    }

    [Fact]
    public void Three_runs_are_three_pairs_and_Holm_spans_them()
    {
        // p: a-b 0 of 12 discordant, 2/4096; a-c and b-c: 0 of 6 and 0 of 6, each 2/64 = 0.03125
        var pairs = RunComparison.Of([Run("a", "++++++++++++"), Run("b", "------------"), Run("c", "++++++------")]).Pairs;
        Assert.Equal(["a b", "a c", "b c"], pairs.Select(p => $"{p.First} {p.Second}"));
        Assert.Equal([Math.Round(2.0 / 4096, 12), 2.0 / 64, 2.0 / 64], pairs.Select(p => Math.Round(p.PValue, 12)));
        Assert.Equal([Math.Round(3 * 2.0 / 4096, 12), 2 * 2.0 / 64, 2 * 2.0 / 64], pairs.Select(p => Math.Round(p.HolmPValue, 12)));
    }

    [Fact]
    public void Only_questions_that_every_run_has_are_compared_and_the_rest_is_told()
    {
        var comparison = RunComparison.Of([Run("a", "++++"), Run("b", "+-+-", from: 3)]);
        Assert.Equal(["003", "004"], comparison.Common);
        Assert.Equal((2, 1.0, 0.5), (comparison.Pairs[0].Questions, comparison.Pairs[0].FirstAccuracy, comparison.Pairs[0].SecondAccuracy));
        Assert.Contains(comparison.Warnings, w => w.StartsWith("a has 2 of its 4 questions for itself", StringComparison.Ordinal));
        Assert.Contains(comparison.Warnings, w => w.StartsWith("b has 2 of its 4 questions for itself", StringComparison.Ordinal));
    }

    [Fact]
    public void A_clear_difference_is_said_with_its_direction()
    {
        var words = RunComparisonText.Of(RunComparison.Of([Run("good", Repeat("+", 40)), Run("bad", Repeat("+---", 10))]));
        Assert.StartsWith("good is better than bad on these 40 questions: good − bad = +75.0 points", words[0]);
        Assert.Contains("only good got 30, only bad 0; exact McNemar p < 0.0001", words[0]);
    }

    [Fact]
    public void Without_a_clear_difference_neither_difference_nor_equality_is_concluded_and_the_detectable_difference_is_told()
    {
        // 100 questions, 10 discordant, split 6 to 4. Detectable: (1.959964 + 0.841621) * sqrt(0.1 / 100) = 8.9 points
        var words = RunComparisonText.Of(RunComparison.Of([Run("a", Repeat("+", 96) + "----"), Run("b", Repeat("+", 90) + "------++++")]));
        Assert.StartsWith("It cannot be concluded that a and b differ, nor that they are equal: a − b = +2.0 points", words[0]);
        Assert.Contains("10.0% are decided differently, a true difference below 8.9 points is missed in more than 20 of 100", words[0]);
    }

    [Fact]
    public void Runs_that_never_part_are_not_called_equal()
    {
        var comparison = RunComparison.Of([Run("a", "+-+-"), Run("b", "+-+-")]);
        Assert.Equal((1.0, null), (comparison.Pairs[0].PValue, comparison.Pairs[0].Detectable));
        Assert.Contains("no proof that they are equal", RunComparisonText.Of(comparison)[0]);
    }

    [Fact]
    public void Another_protocol_is_told_and_with_another_model_too_nothing_is_put_down_to_either()
    {
        var other = new Protocol("asked otherwise", "2");
        Assert.Contains("the difference", string.Join(' ', RunComparison.Of([Run("a", "+-"), Run("b", "-+", other)]).Warnings).Replace("a difference is the protocol's", "the difference"));
        Assert.Contains("model and protocol together", RunComparison.Of([Run("a", "+-"), Run("b", "-+", other, model: "n")]).Warnings.Single());
        var words = RunComparisonText.Of(RunComparison.Of([Run("a", Repeat("+", 30)), Run("b", Repeat("-", 30), other, model: "n")]));
        Assert.Contains("not a difference of models alone", words[0]);
    }

    [Fact]
    public void One_id_that_means_two_questions_is_refused()
    {
        var second = Run("b", "+-");
        ComparedRun With(Func<Question, Question> change) => second with { Questions = [second.Questions[0], change(second.Questions[1])] };
        string Message(ComparedRun run) => Assert.Throws<ArgumentException>(() => RunComparison.Of([Run("a", "+-"), run])).Message;
        Assert.Contains("Question 002 is not the same in a and b: the stems differ", Message(With(q => q with { Stem = "Another." })));
        Assert.Contains("the options differ", Message(With(q => q with { Options = [.. q.Options.Reverse()] })));
        Assert.Contains("the right answers differ", Message(With(q => q with { Answers = [q.Options.First(o => !q.Answers.Contains(o.Label)).Label] })));
    }

    [Fact]
    public void Too_few_runs_two_of_one_name_and_nothing_in_common_are_refused()
    {
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => RunComparison.Of([Run("a", "+")])).Message);
        Assert.Contains("names must differ", Assert.Throws<ArgumentException>(() => RunComparison.Of([Run("a", "+"), Run("a", "-")])).Message);
        Assert.Contains("share no question id", Assert.Throws<ArgumentException>(() => RunComparison.Of([Run("a", "+"), Run("b", "+", from: 5)])).Message);
    }

    [Fact]
    public void Several_samples_a_question_are_averaged_within_it_and_counted_once()
    {
        // Votes agree everywhere; single samples do not: means 1, 0.5, 0 against 0.75, 0.5, 0 differ by 0.25 / 3.
        var pair = RunComparison.Of([Run("a", "++-", means: [1, 0.5, 0]), Run("b", "++-", means: [0.75, 0.5, 0])]).Pairs.Single();
        Assert.Equal(0, pair.Difference.Mean, 12);
        Assert.Equal(0.25 / 3, pair.Samples!.Mean, 12);
        Assert.Null(RunComparison.Of([Run("a", "++-"), Run("b", "++-")]).Pairs.Single().Samples);
    }

    [Fact]
    public void Questions_of_one_case_are_drawn_together_so_that_copies_do_not_narrow_the_interval()
    {
        ComparedRun Cases(string name, string marks, int copies) => new(name, "m", Asked,
            [.. marks.SelectMany((_, i) => Enumerable.Range(0, copies).Select(c => Some.Question($"{i}-{c}", tags: new Dictionary<string, string> { ["case"] = i.ToString("00") })))],
            [.. marks.SelectMany(m => Enumerable.Repeat(m == '+', copies))], null, []);
        var (x, y) = (Repeat("++++++++--", 6), Repeat("++++--++++", 6));
        var options = new RunComparisonOptions { ClusterTag = "case", Resamples = 2000 };
        var once = RunComparison.Of([Cases("a", x, 1), Cases("b", y, 1)], options).Pairs[0];
        var fivefold = RunComparison.Of([Cases("a", x, 5), Cases("b", y, 5)], options).Pairs[0];
        var blind = RunComparison.Of([Cases("a", x, 5), Cases("b", y, 5)]).Pairs[0];
        Assert.Equal((300, 60), (fivefold.Questions, fivefold.Clusters));
        Assert.Equal(once.Difference.Interval.Width, fivefold.Difference.Interval.Width, 0.03);
        Assert.True(blind.Difference.Interval.Width < 0.6 * fivefold.Difference.Interval.Width);
        Assert.Contains("No question has the tag ward", Assert.Throws<ArgumentException>(() => RunComparison.Of([Cases("a", x, 1), Cases("b", y, 1)], options with { ClusterTag = "ward" })).Message);
    }

    [Fact]
    public void The_same_runs_give_the_same_table_in_any_culture()
    {
        IReadOnlyList<ComparedRun> runs = [Run("a", Repeat("++-", 20)), Run("b", Repeat("+-+", 20))];
        string Table() => CsvTables.ToCsv(RunComparison.Of(runs).Pairs.Select(RunPairRow.Of)) + string.Join('\n', RunComparisonText.Of(RunComparison.Of(runs)));
        var here = Table();
        using (new Figures.OtherCulture("de-DE")) Assert.Equal(here, Table());
    }

    /// <summary>Published outputs on MMLU-Pro health and biology: right by the publisher's own field, 412 + 452 and 234 + 350 of 818 + 717 (counted in UPSTREAM_SCORES.json beside the outputs).</summary>
    [Fact]
    public void Published_outputs_of_two_models_pair_as_their_counts_say()
    {
        Dictionary<string, bool> Right(string file) => File.ReadLines(RealData.File("mmlu_pro_model_outputs", file)).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement)
            .ToDictionary(r => r.GetProperty("question_id").ToString(), r => r.GetProperty("pred").ValueKind != System.Text.Json.JsonValueKind.Null && r.GetProperty("pred").GetString() == r.GetProperty("answer").GetString());
        ComparedRun Of(string name, Dictionary<string, bool> right) => new(name, name, Asked, [.. right.Keys.Select(id => Some.Question(id))], [.. right.Values], null, []);
        var comparison = RunComparison.Of([Of("Llama-3.1-8B", Right("Meta-Llama-3_1-8B-Instruct.health_biology.jsonl")), Of("Mistral-7B-v0.1", Right("Mistral-7B-Instruct-v0.1.health_biology.jsonl"))]);
        var pair = comparison.Pairs.Single();
        Assert.Equal((1535, 864, 584), (pair.Questions, (int)Math.Round(pair.FirstAccuracy * 1535), (int)Math.Round(pair.SecondAccuracy * 1535)));
        Assert.Equal(864 - 584, pair.McNemar.OnlyFirst - pair.McNemar.OnlySecond);
        Assert.True(pair.PValue < 1e-10);
        Assert.StartsWith("Llama-3.1-8B is better than Mistral-7B-v0.1 on these 1,535 questions", RunComparisonText.Of(comparison)[0]);
    }
}
