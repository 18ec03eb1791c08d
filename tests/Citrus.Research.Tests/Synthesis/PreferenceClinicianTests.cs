using System.Text.Json.Nodes;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

/// <summary>The clinician as sampler, option matcher and judge.</summary>
public sealed class PreferenceClinicianTests
{
    private static readonly Question Asked = Some.Exam(1, Register.Vignette)[0];

    private static string Ask(Clinician clinician, string file, int sample, params (string Name, string Text)[] values)
    {
        var filled = new Dictionary<string, string> { ["register"] = "vignette", ["retry"] = "", ["question"] = QuestionText.Prose(Asked) };
        foreach (var (name, text) in values) filled[name] = text;
        return ExpertCall.AskAsync(clinician, PromptCatalog.Default[PromptSet.English][file].Fill(filled), "clinic", Asked.Id, sample).GetAwaiter().GetResult().Text;
    }

    [Fact]
    public void Samples_differ_by_their_index_and_each_is_the_same_every_time()
    {
        List<string> Texts(long seed) => [.. Enumerable.Range(0, 10).Select(i => Ask(new Clinician(Some.Knowledge, new() { Fallibility = 0.6, Seed = seed }), "sampler", i))];
        var texts = Texts(0);
        Assert.True(texts.Distinct().Count() >= 4, string.Join('\n', texts));
        Assert.Equal(texts, Texts(0));
        Assert.NotEqual(texts, Texts(1));
        Assert.All(texts, t => Assert.Matches("^<think>[^<]+</think><answer>[^<]+</answer>$", t));
    }

    [Fact]
    public void What_it_says_is_matched_and_scored_by_its_truth()
    {
        var exact = new Clinician(Some.Knowledge, new() { Fallibility = 0 });
        var truth = $"{Asked.Answer}. {Asked.AnswerText}";
        var sample = Ask(exact, "sampler", 0);
        var good = JsonNode.Parse(Ask(exact, "pointwise", 0, ("truth", truth), ("answer", sample)))!;
        Assert.Equal(100, (double)good["score"]!);
        var wrong = Asked.Options.First(o => o.Label != Asked.Answer);
        var bad = $"<think>Nothing to add.</think><answer>{wrong.Label}. {wrong.Text}</answer>";
        Assert.Equal(0, (double)JsonNode.Parse(Ask(exact, "pointwise", 0, ("truth", truth), ("answer", bad)))!["score"]!);
        Assert.Equal(1, (int)JsonNode.Parse(Ask(exact, "pairwise", 0, ("truth", truth), ("first", sample), ("second", bad)))!["better"]!);
        Assert.Equal(2, (int)JsonNode.Parse(Ask(exact, "pairwise", 0, ("truth", truth), ("first", bad), ("second", sample)))!["better"]!);
        Assert.Equal(0, (int)JsonNode.Parse(Ask(exact, "pairwise", 0, ("truth", truth), ("first", bad), ("second", bad)))!["better"]!);
        Assert.Equal(1, (int)JsonNode.Parse(Ask(exact.With(new() { PositionBias = 1 }), "pairwise", 0, ("truth", truth), ("first", bad), ("second", sample)))!["better"]!);
        Assert.Equal(Asked.Answer, (string)JsonNode.Parse(Ask(exact, "matcher", 0, ("answer", Asked.AnswerText.ToUpperInvariant())))!["option"]!);
        Assert.Equal("", (string)JsonNode.Parse(Ask(exact, "matcher", 0, ("answer", "a broken leg")))!["option"]!);
    }

    [Fact]
    public async Task Where_it_understands_nothing_it_says_so_and_chooses_nothing()
    {
        var text = (await ExpertCall.AskAsync(new Clinician(Some.Knowledge), PromptCatalog.Default[PromptSet.English]["sampler"].Fill(new Dictionary<string, string>
        {
            ["register"] = "vignette",
            ["retry"] = "",
            ["question"] = QuestionText.Prose(Some.Question()),
        }), "clinic")).Text;
        Assert.EndsWith("<answer>I cannot tell.</answer>", text, StringComparison.Ordinal);
        Assert.Null(AnswerExtraction.Extract(text, Some.Question().Options).Label);
    }

    [Fact]
    public void The_specs_position_is_the_planted_bias_and_must_be_a_probability()
    {
        var registry = new ExpertRegistry().Register("clinic", "clinic", Clinician.Factory(Some.Knowledge));
        using var made = registry.Create("clinic?position=0.3&fallibility=0.2");
        Assert.Contains("position", Assert.Throws<FormatException>(() => registry.Create("clinic?position=1.5")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PromptSet.English)]
    [InlineData(PromptSet.Chinese)]
    public void Each_prompt_names_its_role_and_declares_its_reply(PromptSet set)
    {
        foreach (var (name, role) in (ReadOnlySpan<(string, string)>)[("sampler", ExpertRoles.Reasoning), ("matcher", ExpertRoles.Matcher), ("pointwise", ExpertRoles.PointwiseJudge), ("pairwise", ExpertRoles.PairwiseJudge)])
        {
            var prompt = PromptCatalog.Default[set][name];
            Assert.Equal(role, prompt.Role);
            Assert.NotNull(prompt.Schema);
        }
    }
}
