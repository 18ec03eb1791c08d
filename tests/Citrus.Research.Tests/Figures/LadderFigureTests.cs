using System.Text.Json;
using Citrus.Research.Figures;

namespace Citrus.Research.Tests.Figures;

public sealed class LadderFigureTests
{
    private static readonly IReadOnlyList<StageRow> Stages =
    [
        .. from stage in new[] { ("base", 0.40), ("stage 1", 0.55), ("stage 2", 0.56) }
           from row in new[]
           {
               new StageRow(stage.Item1, "4M", 4_000_000, "overall", 1, 500, stage.Item2 - 0.02, stage.Item2 - 0.06, stage.Item2 + 0.02, 0.9, 0.25),
               new StageRow(stage.Item1, "4M", 4_000_000, "overall", 2, 500, stage.Item2 + 0.02, stage.Item2 - 0.02, stage.Item2 + 0.06, 0.9, 0.25),
               new StageRow(stage.Item1, "4M", 4_000_000, "overall", null, 500, stage.Item2, stage.Item2 - 0.03, stage.Item2 + 0.03, 0.9, 0.25),
           }
           select row,
    ];

    private static readonly IReadOnlyList<RungRow> Rungs = [new("stage 1 - base", "overall", 2, 500, 0.15, 0.11, 0.19, 0.001), new("stage 2 - <stage 1>", "overall", 2, 500, 0.01, -0.02, 0.04, 0.4)];

    private static List<JsonElement> Traces(Figure figure) => [.. JsonDocument.Parse(figure.ToJson()).RootElement.GetProperty("data").EnumerateArray()];

    private static double[] Numbers(JsonElement trace, string axis) => [.. trace.GetProperty(axis).EnumerateArray().Select(v => v.GetDouble())];

    [Fact]
    public void Every_stage_is_drawn_with_its_interval_and_its_seeds()
    {
        var traces = Traces(LadderFigure.Draw("A finding", Stages, Rungs));
        Assert.Equal([0.38, 0.42, 0.53, 0.57, 0.54, 0.58], Numbers(traces[0], "x").Select(v => Math.Round(v, 6)));
        Assert.Equal([0.40, 0.55, 0.56], Numbers(traces[1], "x"));
        Assert.Equal([0.03, 0.03, 0.03], Numbers(traces[1].GetProperty("error_x"), "array").Select(v => Math.Round(v, 6)));
    }

    [Fact]
    public void A_step_that_stands_out_from_noise_is_filled_and_one_that_does_not_is_hollow()
    {
        var traces = Traces(LadderFigure.Draw("A finding", Stages, Rungs));
        JsonElement Of(string symbol) => traces.Single(t => t.GetProperty("marker").TryGetProperty("size", out var size) && size.GetInt32() == 9 && t.GetProperty("marker").GetProperty("symbol").GetString() == symbol && t.GetProperty("yaxis").GetString() == "y2");
        Assert.Equal([0.15], Numbers(Of("circle"), "x"));
        Assert.Equal([0.01], Numbers(Of("circle-open"), "x"));
    }

    [Fact]
    public void The_caption_says_the_questions_the_seeds_and_what_filled_means()
    {
        var figure = LadderFigure.Draw("A finding", Stages, Rungs, new FigureText("ladder-test", "A note."));
        Assert.Equal("ladder-test", figure.Id);
        Assert.Contains("n = 500 questions", figure.Caption);
        Assert.Contains("2 seeds", figure.Caption);
        Assert.Contains("p < 0.05 over seeds (Student's t) after Holm's correction over these 2 steps", figure.Caption);
        Assert.EndsWith("A note.", figure.Caption);
        Assert.Equal(["", "steps"], figure.Tables.Select(t => t.Name ?? ""));
        Assert.Equal(Rungs, figure.Tables[1].As<RungRow>());
    }

    [Fact]
    public void A_ceiling_that_nobody_knows_has_no_line_and_a_caption_of_ones_own_is_taken()
    {
        int Lines(Figure figure) => JsonDocument.Parse(figure.ToJson()).RootElement.GetProperty("layout").GetProperty("shapes").GetArrayLength();
        var known = LadderFigure.Draw("A finding", Stages, Rungs);
        var unknown = LadderFigure.Draw("A finding", [.. Stages.Select(s => s with { Ceiling = double.NaN })], Rungs, caption: "Published numbers.");
        Assert.Equal(Lines(known) - 1, Lines(unknown));
        Assert.Equal("Published numbers.", unknown.Caption);
        Assert.Equal(double.NaN, unknown.Table.As<StageRow>()[0].Ceiling);
    }

    [Fact]
    public void Names_are_escaped_and_the_same_rows_give_the_same_bytes_in_any_culture()
    {
        var json = LadderFigure.Draw("A finding", Stages, Rungs).ToJson();
        Assert.Contains("&lt;stage 1&gt;", json);
        using (new OtherCulture("de-DE")) Assert.Equal(json, LadderFigure.Draw("A finding", Stages, Rungs).ToJson());
    }

    [Fact]
    public void Nothing_to_draw_and_several_seeds_without_a_pooled_row_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LadderFigure.Draw("x", [], Rungs));
        Assert.Throws<ArgumentException>(() => LadderFigure.Draw("x", Stages, []));
        Assert.Contains("no row that pools them", Assert.Throws<ArgumentException>(() => LadderFigure.Draw("x", [.. Stages.Where(s => s.Seed is not null)], Rungs)).Message);
    }
}
