using System.Globalization;
using Citrus.Research.Evaluation;

namespace Citrus.Research.Tests.Evaluation;

public sealed class PublishedScoresTests
{
    private const string Header = "model,params_b,medqa_acc,setting,source\n";

    [Fact]
    public void The_published_scores_ship_with_the_library()
    {
        var scores = PublishedScores.Read();
        Assert.Equal(108, scores.Count);
        Assert.Equal(11, scores.Count(s => s.Billions is null));
        Assert.Contains(scores, s => s is { Model: "MedGemma-1-4B-it", Billions: 4, Percent: 55.22, Source: "EleutherAI/lm-evaluation-harness PR #4081", Verified: SourceCheck.SourceRead });
        Assert.Equal(scores.Count, PublishedScores.ToDataFrame(scores).Rows.Count);
    }

    [Fact]
    public void Every_row_says_its_protocol_and_a_checked_row_says_against_what()
    {
        Assert.All(PublishedScores.Read(), s => Assert.True(s.Protocol.Length > 0 && (s.Verified == SourceCheck.No) == (s.Check.Length == 0), $"{s.Model} {s.Percent}"));
        Assert.All(PublishedScores.Benchmarks(), s => Assert.True(s is { Verified: not SourceCheck.No, Check.Length: > 0 }, $"{s.Model} {s.Benchmark}"));
    }

    [Fact]
    public void Two_numbers_for_one_model_stand_side_by_side_and_are_marked()
    {
        // The paper's Tables 4 and 5 disagree on this model.
        var twice = PublishedScores.Read().Where(s => s.Model == "Llama-3.1-70B-Instruct").ToList();
        Assert.Equal([77.22, 78.40], twice.Select(s => s.Percent));
        Assert.All(twice, s => Assert.Contains("two numbers", s.Conflict));
        Assert.Contains("two numbers", PublishedScores.Table4().Single(s => s.Percent == 77.22).Conflict);
        Assert.Contains("two numbers", PublishedScores.Table5().Single(s => s.Percent == 78.40).Conflict);
    }

    [Fact]
    public void Table_4_has_thirteen_models_and_Table_5_a_chain_from_the_base_to_the_released_model()
    {
        Assert.Equal(13, PublishedScores.Table4().Count);
        var steps = PublishedScores.Table5();
        var chain = new List<string>();
        for (var step = steps.Single(s => s.Step.Contains("Citrus1.0-Llama", StringComparison.Ordinal)); step is not null; step = steps.SingleOrDefault(s => s.Step == step.After)) chain.Add(step.Step);
        Assert.Equal(8, chain.Count);
        Assert.Equal("Llama-3.1-70B base", chain[^1]);
        Assert.Equal(new Rate(1058, 1273), steps.Single(s => s.Percent == 83.12).Rate);
    }

    [Fact]
    public void The_table_of_the_two_papers_agrees_with_the_table_by_size()
    {
        var bySize = PublishedScores.Read().Select(s => s.Percent).ToHashSet();
        Assert.All(PublishedScores.Table4(), s => Assert.Contains(s.Percent, bySize));
        Assert.All(PublishedScores.Table5(), s => Assert.Contains(s.Percent, bySize));
    }

    [Fact]
    public void The_start_table_is_kept_row_by_row()
    {
        var ours = PublishedScores.Read();
        var start = CsvRows.Read(RealData.File("medqa_published.csv")).Skip(1).ToList();
        Assert.Equal(81, start.Count);
        Assert.Equal(start.Select(r => string.Join('|', r.Fields[0], r.Fields[1], double.Parse(r.Fields[2], CultureInfo.InvariantCulture), r.Fields[3], r.Fields[4])),
            ours.Take(81).Select(s => string.Join('|', s.Model, s.Billions?.ToString(CultureInfo.InvariantCulture), s.Percent, s.Setting, s.Source)));
    }

    [Fact]
    public void A_table_of_ones_own_needs_only_the_first_five_columns()
    {
        using var folder = new TempFolder();
        Assert.Equal([new PublishedScore("ours", null, 50, "s", "src")], PublishedScores.Read(folder.With("p.csv", Header + "ours,,50,s,src\n")));
    }

    [Theory]
    [InlineData("m,1,0.5x,s,src", "medqa_acc", "a percentage")]
    [InlineData("m,1,101,s,src", "medqa_acc", "a percentage")]
    [InlineData("m,-1,50,s,src", "params_b", "billions")]
    [InlineData("m,1,50,s,", "source", "must not be empty")]
    [InlineData("m,1,50,s,a,b", "", "6 fields")]
    public void A_published_score_without_sense_or_source_is_refused(string row, string column, string message)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<TableFormatException>(() => PublishedScores.Read(folder.With("p.csv", Header + "ok,1,50,s,src\n" + row + "\n")));
        Assert.Equal((3, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("model,params_b,medqa_acc,setting\n", "source", "missing")]
    [InlineData("model,params_b,medqa_acc,setting,source,colour\n", "colour", "unknown column")]
    public void A_header_that_does_not_fit_is_refused(string header, string column, string message)
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<TableFormatException>(() => PublishedScores.Read(folder.With("p.csv", header)));
        Assert.Equal((1, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_check_of_an_unknown_kind_and_a_step_after_nothing_are_refused()
    {
        using var folder = new TempFolder();
        Assert.Contains("source-read", Assert.Throws<TableFormatException>(() => PublishedScores.Read(folder.With("p.csv", Header.TrimEnd() + ",verified\nm,1,50,s,src,maybe\n"))).Message);
        const string Stage = "step,after,examples,percent,n,setting,source,protocol,verified,check,conflict\n";
        Assert.Contains("is no step above", Assert.Throws<TableFormatException>(() => PublishedScores.Table5(folder.With("t.csv", Stage + "b,a,,50,100,s,src,p,no,,\n"))).Message);
    }
}
