using System.Text.Json;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Pathways;

public sealed class PathwayTests
{
    private const string Reason = ExpertRoles.Reasoning, Reflect = ExpertRoles.Reflection, Judge = ExpertRoles.Judge;

    [Fact]
    public void Direct_is_one_question_and_one_answer()
    {
        var (trace, requests) = Some.Play(PathwayNames.Create("Direct"), Some.Question(), Register.Vignette, (Reason, """{"answer":"C"}"""));
        Assert.Equal(("C", "Pneumonia", null, 1), (trace.AnswerLabel, trace.AnswerText, trace.Unusable, trace.Calls));
        Assert.Contains("B. Asthma", requests[0].User, StringComparison.Ordinal);
        Assert.StartsWith("role: reasoning-expert", requests[0].System, StringComparison.Ordinal);
    }

    [Fact]
    public void PatternRecognition_keeps_the_thoughts_in_order()
    {
        var (trace, _) = Some.Play(PathwayNames.Create("PatternRecognition"), Some.Question(), Register.Vignette,
            (Reason, """{"steps":[{"kind":"observation","text":"She wheezes."},{"kind":"conclusion","text":"This looks like asthma."}],"answer":"B"}"""));
        Assert.Equal(["She wheezes.", "This looks like asthma."], trace.Accepted.Select(s => s.Text));
        Assert.Equal("B", trace.Steps[^1].Answer);
        Assert.Equal(10, trace.Steps.Sum(s => s.TokensIn));
        Assert.All(trace.Steps, s => Assert.Equal((64, "script"), (s.PromptHash.Length, s.Expert)));
    }

    [Fact]
    public void HypotheticoDeductive_shows_the_expert_its_thought_so_far_until_a_step_answers()
    {
        var (trace, requests) = Some.Play(PathwayNames.Create("HypotheticoDeductive"), Some.Question(), Register.Vignette,
            (Reason, Step("hypothesis", "Consider pneumonia: no fever.")),
            (Reason, Step("hypothesis", "Consider asthma: it fits.")),
            (Reason, Step("conclusion", "It is asthma.", "B")));
        Assert.Equal("B", trace.AnswerLabel);
        Assert.Equal("(nothing yet)", PromptText.Section(requests[0].User, "thought"));
        Assert.Equal("Consider pneumonia: no fever.\nConsider asthma: it fits.", PromptText.Section(requests[2].User, "thought"));
    }

    [Fact]
    public void DualExpert_keeps_a_rejected_step_out_of_the_thought_and_shows_its_feedback()
    {
        var (trace, requests) = Some.Play(PathwayNames.Create("DualExpert"), Some.Question(), Register.Vignette,
            (Reason, Step("hypothesis", "Consider asthma: it fits.")),
            (Reflect, """{"rating":1,"feedback":"So it does."}"""),
            (Reason, Step("conclusion", "It is pneumonia.", "C")),
            (Reflect, """{"rating":0,"feedback":"There is no fever, and the answer is B."}"""),
            (Reason, Step("conclusion", "It is asthma.", "B")),
            (Reflect, """{"rating":1,"feedback":""}"""),
            (Judge, """{"sufficient":true}"""));
        Assert.Equal(("B", 1, 7), (trace.AnswerLabel, trace.Rejections, trace.Calls));
        Assert.Equal(["Consider asthma: it fits.", "It is asthma."], trace.Accepted.Select(s => s.Text));
        var rejected = Assert.Single(trace.Steps, s => !s.Accepted);
        Assert.Equal("There is no fever, and the answer is (withheld).", rejected.Feedback);

        var retry = requests[4].User;
        Assert.Equal("Consider asthma: it fits.", PromptText.Section(retry, "thought"));
        Assert.Equal("It is pneumonia.", PromptText.Section(retry, "rejected"));
        Assert.Equal(rejected.Feedback, PromptText.Section(retry, "remark"));
        Assert.Equal("B. Asthma", PromptText.Section(requests[1].User, "truth"));
        Assert.All(requests.Where(r => r.Role == Reason), r => Assert.Null(PromptText.Section(r.User, "truth")));
        Assert.Equal("It is pneumonia.\n(answer C)", PromptText.Section(requests[3].User, "proposed"));
    }

    [Fact]
    public void A_judge_who_wants_more_gets_more()
    {
        var (trace, _) = Some.Play(PathwayNames.Create("DualExpert"), Some.Question(), Register.Vignette,
            (Reason, Step("conclusion", "It is asthma.", "B")), (Reflect, """{"rating":1}"""), (Judge, """{"sufficient":false}"""),
            (Reason, Step("observation", "She wheezes at night, which is typical.")), (Reflect, """{"rating":1}"""),
            (Reason, Step("conclusion", "So it is asthma.", "B")), (Reflect, """{"rating":1}"""), (Judge, """{"sufficient":true}"""));
        Assert.Equal(("B", 3), (trace.AnswerLabel, trace.Accepted.Count()));
    }

    [Fact]
    public void Unreadable_replies_are_asked_for_again_and_then_reported()
    {
        var pathway = PathwayNames.Create("Direct", options: new PathwayOptions { Retries = 1 });
        var (mended, requests) = Some.Play(pathway, Some.Question(), Register.Vignette, (Reason, "??"), (Reason, """{"answer":"B"}"""));
        Assert.Equal(("B", 1, 2), (mended.AnswerLabel, mended.Retried, mended.Calls));
        Assert.Contains("Attempt 2", PromptText.Section(requests[1].User, "retry"), StringComparison.Ordinal);

        var (given, _) = Some.Play(pathway, Some.Question(), Register.Vignette, (Reason, "??"), (Reason, "!!"));
        Assert.Null(given.AnswerLabel);
        Assert.Contains("no usable reply in 2 attempts", given.Unusable, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_proposals_endless_rejections_and_abstentions_end_the_trace()
    {
        var options = new PathwayOptions { MaxSteps = 2, MaxRejections = 2 };
        var (steps, _) = Some.Play(PathwayNames.Create("HypotheticoDeductive", options: options), Some.Question(), Register.Vignette,
            (Reason, Step("hypothesis", "one")), (Reason, Step("hypothesis", "two")));
        Assert.Equal("no answer in 2 steps", steps.Unusable);
        var (rejections, _) = Some.Play(PathwayNames.Create("DualExpert", options: options), Some.Question(), Register.Vignette,
            (Reason, Step("conclusion", "C", "C")), (Reflect, """{"rating":0,"feedback":"no"}"""), (Reason, Step("conclusion", "A", "A")), (Reflect, """{"rating":0,"feedback":"no"}"""));
        Assert.Equal(("no acceptable step in 2 proposals", 2), (rejections.Unusable, rejections.Rejections));
        var (abstained, _) = Some.Play(PathwayNames.Create("Direct"), Some.Question(), Register.Vignette, (Reason, """{"abstain":"too little"}"""));
        Assert.Equal("abstained: too little", abstained.Unusable);
    }

    [Fact]
    public void A_pathway_is_a_pure_function_of_state_and_reply()
    {
        var pathway = PathwayNames.Create("DualExpert");
        var start = pathway.Begin(Some.Question(), Register.Vignette);
        var reply = new ExpertReply(Step("hypothesis", "Consider asthma."), 1, 1, "x");
        var first = pathway.Next(start.State, reply);
        pathway.Next(start.State, new ExpertReply("??"));
        // The state survives a trip through JSON: another process could go on.
        var carried = JsonSerializer.Deserialize<PathwayState>(JsonSerializer.Serialize(start.State, Trace.Json), Trace.Json)!;
        var again = PathwayNames.Create("DualExpert").Next(carried, reply);
        Assert.Equal(first.Request, again.Request);
        Assert.Equal(JsonSerializer.Serialize(first.State, Trace.Json), JsonSerializer.Serialize(again.State, Trace.Json));
    }

    [Fact]
    public void A_trace_is_one_documented_json_line()
    {
        var (trace, _) = Some.Play(PathwayNames.Create("Direct"), Some.Question(), Register.Chart, (Reason, """{"answer":"B"}"""));
        var line = JsonSerializer.Serialize(trace, Trace.Json);
        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(
            ["question", "pathway", "register", "steps", "answerLabel", "answerText", "calls", "repaired", "retried", "inputs"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Chart", json.RootElement.GetProperty("register").GetString());
        Assert.Equal("Conclusion", json.RootElement.GetProperty("steps")[0].GetProperty("kind").GetString());
        Assert.Equal(line, JsonSerializer.Serialize(JsonSerializer.Deserialize<Trace>(line, Trace.Json), Trace.Json));
    }

    [Fact]
    public void An_unknown_pathway_is_answered_with_the_known_ones() =>
        Assert.Contains("DualExpert", Assert.Throws<ArgumentException>(() => PathwayNames.Create("Dual")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_prompt_without_role_or_with_an_unknown_slot_is_refused()
    {
        Assert.Contains("role", Assert.Throws<FormatException>(() => new PromptTemplate("p", "hello\n--- user ---\nx")).Message, StringComparison.Ordinal);
        Assert.Contains("--- user ---", Assert.Throws<FormatException>(() => new PromptTemplate("p", "role: x\n")).Message, StringComparison.Ordinal);
        var odd = new PromptTemplate("p", "role: x\n\n--- user ---\n{nonsense}");
        Assert.Contains("nonsense", Assert.Throws<KeyNotFoundException>(() => odd.Fill(new Dictionary<string, string>())).Message, StringComparison.Ordinal);
    }

    private static string Step(string kind, string text, string? answer = null) =>
        JsonSerializer.Serialize(new { step = new { kind, text }, answer });
}
