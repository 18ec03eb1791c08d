using System.Text.Json;
using System.Text.Json.Nodes;
using Citrus.Research.Evaluation;
using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Figures;
using Citrus.Research.Tests.Evaluation;

namespace Citrus.Research.Tests.Figures;

public sealed class MeasuredFiguresTests
{
    private static readonly MeasuredAnswers Whole = new("Direct-0.1M-seed1", "abc", "likelihood?of=letter", null, "dev.jsonl", "def", 4, null, "1010");

    private static MeasuredAnswers Part(int budget, string right) => new("DualExpert-0.1M-seed1", "abc", "thinking", $"thinking={budget}", "dev.jsonl", "def", right.Length, budget + 4, right);

    private static List<JsonElement> Traces(Figure figure) => [.. JsonDocument.Parse(figure.ToJson()).RootElement.GetProperty("data").EnumerateArray()];

    /// <summary>So many questions at one confidence, so many of them right.</summary>
    private static IEnumerable<OptionScores> Sure(double confidence, int n, int right, string student = "Direct-0.1M-seed1") => Enumerable.Range(0, n).Select(i => new OptionScores(
        student, $"q{confidence}-{i}", i < right ? 0 : 1, FormattableString.Invariant($"{Math.Log(confidence)} {Math.Log((1 - confidence) / 2)} {Math.Log((1 - confidence) / 2)}")));

    [Fact]
    public void Students_that_are_surer_than_right_less_sure_and_as_sure_are_told_apart()
    {
        Assert.StartsWith("At 0.1M, direct is 45 points surer than right (ECE 0.45)", MeasuredFigures.Calibrations([.. Sure(0.95, 100, 50)], [Whole]).Title);
        Assert.StartsWith("At 0.1M, direct is 35 points less sure than right", MeasuredFigures.Calibrations([.. Sure(0.55, 100, 90)], [Whole]).Title);
        Assert.Equal("At 0.1M, likelihoods are surer than right: direct by 45 points (ECE 0.45), tree search by 20 points (ECE 0.20)", MeasuredFigures.Calibrations([.. Sure(0.95, 100, 50), .. Sure(0.9, 100, 70, "TreeSearch-0.1M-seed1")], [Whole]).Title);
        Assert.StartsWith("At 0.1M, direct is as sure as it is right, within noise", MeasuredFigures.Calibrations([.. Sure(0.55, 100, 54), .. Sure(0.95, 100, 96)], [Whole]).Title);
    }

    [Fact]
    public void Each_filled_bin_is_a_point_at_its_mean_confidence_with_Wilsons_interval()
    {
        var figure = MeasuredFigures.Calibrations([.. Sure(0.55, 100, 54), .. Sure(0.95, 100, 96)], [Whole]);
        var points = Traces(figure).Single(t => t.GetProperty("mode").GetString() == "markers");
        Assert.Equal([0.55, 0.95], points.GetProperty("x").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal([0.54, 0.96], points.GetProperty("y").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(Wilson.Of(54, 100).High - 0.54, points.GetProperty("error_y").GetProperty("array")[0].GetDouble(), 9);
        var bins = figure.Table.As<CalibrationRow>();
        Assert.Equal(10, bins.Count);
        Assert.Equal([100, 100], bins.Where(b => b.N > 0).Select(b => b.N));
        Assert.Contains("likelihood?of=letter", figure.Caption);
        using (new OtherCulture("de-DE")) Assert.Equal(figure.ToJson(), MeasuredFigures.Calibrations([.. Sure(0.55, 100, 54), .. Sure(0.95, 100, 96)], [Whole]).ToJson());
    }

    [Fact]
    public void The_title_names_the_budget_from_which_on_more_thought_does_not_stand_out()
    {
        static string Bits(int right) => new string('1', right) + new string('0', 100 - right);
        var figure = MeasuredFigures.ThinkingBudget([Part(0, Bits(30)), Part(32, Bits(60)), Part(64, Bits(89)), Part(128, Bits(90)), Whole]);
        Assert.Equal("At 0.1M, 30 % right with 0 tokens of thought, still 60 % with 32, 90 % with up to 128; from 64 on more does not stand out", figure.Title);
        Assert.Equal([4, 36, 68, 132], figure.Table.As<ThinkingRow>().Select(r => (int)r.Tokens));
        Assert.Equal("At 0.1M, dual expert: no budget of thought stands out (50 % at 0, 52 % at 32 tokens)", MeasuredFigures.ThinkingBudget([Part(0, Bits(50)), Part(32, Bits(52))]).Title);
        Assert.Throws<InvalidDataException>(() => MeasuredFigures.ThinkingBudget([Part(0, "10"), Part(32, "101")]));
        Assert.Throws<ArgumentException>(() => MeasuredFigures.ThinkingBudget([Whole]));
    }

    [Fact]
    public void Evaluations_are_kept_as_small_tables_and_a_second_run_takes_the_place_of_the_first()
    {
        using var folder = new TempFolder();
        string Run(string name, string[] answers, Func<int, double[]>? scores = null)
        {
            var path = SomeEvaluation.Write(folder[name], answers, scores is null ? "generation" : "likelihood", "student:Direct-0.1M-seed1", scores: scores);
            var card = Path.Combine(path, EvaluationCard.FileName);
            var node = JsonNode.Parse(File.ReadAllText(card))!;
            node["weights"] = "abc";
            File.WriteAllText(card, node.ToJsonString());
            return path;
        }

        KeptAnswers.Add(folder.Root, [EvaluationFolder.Open(Run("a", ["A", "B"]))]);
        var files = KeptAnswers.Add(folder.Root, [EvaluationFolder.Open(Run("b", ["A", "A"])), EvaluationFolder.Open(Run("c", ["A", "B"], i => i == 0 ? [-0.1, -2.345678, -3, -4] : [-3, -0.1, -3, -4]))]);
        var answers = CsvTables.Read<MeasuredAnswers>(files[0]);
        Assert.Equal([("generation", "11"), ("likelihood", "10")], answers.Select(a => (a.Protocol, a.Right)));
        var options = CsvTables.Read<OptionScores>(files[1]);
        Assert.Equal(["q001", "q002"], options.Select(o => o.Question));
        Assert.Equal([-0.1, -2.3457, -3, -4], options[0].Values());
        Assert.Contains("is an evaluation of clinic", Assert.Throws<InvalidDataException>(() => KeptAnswers.Add(folder.Root, [EvaluationFolder.Open(SomeEvaluation.Write(folder["d"], ["A"]))])).Message);
    }

    [Fact]
    public void A_score_that_is_no_number_and_a_right_option_that_is_none_are_refused_with_the_question()
    {
        Assert.Contains("question q7: \"x\" is no score", Assert.Throws<InvalidDataException>(() => new OptionScores("s", "q7", 0, "-1 x").Values()).Message);
        Assert.Contains("option 2 of 2", Assert.Throws<InvalidDataException>(() => new OptionScores("s", "q7", 2, "-1 -2").Values()).Message);
    }
}
