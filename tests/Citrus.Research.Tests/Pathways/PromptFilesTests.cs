using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Json.Schema;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Pathways;

public sealed class PromptFilesTests
{
    private static readonly string[] Roles =
    [
        ExpertRoles.Rewriter, ExpertRoles.Answerer, ExpertRoles.Reasoning, ExpertRoles.Reflection, ExpertRoles.Judge, ExpertRoles.Narrator, ExpertRoles.Matcher,
        ExpertRoles.PointwiseJudge, ExpertRoles.PairwiseJudge, ExpertRoles.Checker, ExpertRoles.Doctor, ExpertRoles.Patient, ExpertRoles.Examiner,
    ];

    [Theory]
    [InlineData(PromptSet.English)]
    [InlineData(PromptSet.Chinese)]
    public void Every_role_has_a_prompt_and_every_prompt_declares_its_reply(PromptSet set)
    {
        var library = PromptCatalog.Default[set];
        Assert.Empty(Roles.Except(library.Names.Select(n => library[n].Role)));
        Assert.All(library.Names, n => Assert.NotNull(JsonSchema.FromText(library[n].Schema ?? throw new InvalidOperationException($"{n} declares no reply"))));
    }

    [Fact]
    public void English_and_Chinese_are_the_same_prompts_with_the_same_replies()
    {
        var (english, chinese) = (PromptCatalog.Default[PromptSet.English], PromptCatalog.Default[PromptSet.Chinese]);
        Assert.Equal(english.Names, chinese.Names);
        Assert.All(english.Names, n => Assert.Equal((english[n].Role, english[n].Schema), (chinese[n].Role, chinese[n].Schema)));
    }

    [Fact]
    public void The_chart_prompts_of_the_committed_studies_are_unchanged() =>
        // The hash in the records of results/pathways, made before there were other sets.
        Assert.Equal("016d566a3dbe59535bc02c2d6b5e67cbe3d18985868f270c5f2fd1f4a4ded9a1", PromptCatalog.Default[PromptSet.Chart].HashOf(["direct", "examiner", "narrator", "pattern", "reflection", "step", "sufficiency"]));

    [Fact]
    public void A_Chinese_question_is_asked_in_Chinese()
    {
        var question = new Question { Id = "z", Stem = "患者，男，43岁，发热两天，咽痛。最可能的诊断是什么？", Options = [new("A", "急性扁桃体炎"), new("B", "肺炎")], Answers = ["A"] };
        var request = PathwayNames.Create("DualExpert").Begin(question, Register.Vignette).Request!;
        Assert.Contains("你是一名医生", request.System, StringComparison.Ordinal);
        Assert.Contains("A. 急性扁桃体炎", request.User, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("PatternRecognition")]
    [InlineData("DualExpert")]
    [InlineData("TreeSearch")]
    public async Task What_the_clinician_replies_conforms_to_what_the_prompts_declare(string pathway)
    {
        var way = PathwayNames.Create(pathway);
        using var clinician = new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 1 });
        foreach (var question in Some.Exam(10, Register.Vignette))
        {
            var move = way.Begin(question, Register.Vignette);
            while (move.Request is { } request)
            {
                var reply = await ExpertCall.AskAsync(clinician, request, "clinic", cancellationToken: TestContext.Current.CancellationToken);
                using var json = System.Text.Json.JsonDocument.Parse(reply.Text);
                Assert.True(JsonSchema.FromText(request.Schema!).Evaluate(json.RootElement).IsValid, $"{request.Role}: {reply.Text}");
                move = way.Next(move.State, reply);
            }
        }
    }

    [Fact]
    public async Task Thinking_that_stands_before_the_message_is_kept_apart_from_it()
    {
        using var expert = new ScriptedExpert(_ => "<think>hmm</think>{\"answer\":\"B\"}");
        var reply = await ExpertCall.AskAsync(expert, new ExpertRequest("r", "s", "u", ""), "x", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(("hmm", "{\"answer\":\"B\"}"), (reply.Reasoning, reply.Text));
        var apart = ExpertCall.Reply(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("mull"), new TextContent("B")])), "x");
        Assert.Equal(("mull", "B"), (apart.Reasoning, apart.Text));
        // A narrative is think and answer together.
        Assert.Equal("<think>a</think><answer>B</answer>", ExpertCall.Reply(new ChatResponse(new ChatMessage(ChatRole.Assistant, "<think>a</think><answer>B</answer>")), "x").Text);
    }
}
