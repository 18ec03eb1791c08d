using System.Text.Json;
using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Pathways;

public sealed class TreeSearchPathwayTests
{
    private const string Reason = ExpertRoles.Reasoning, Reflect = ExpertRoles.Reflection, Judge = ExpertRoles.Judge;

    private static string Candidates(params (string Text, string? Answer)[] candidates) =>
        JsonSerializer.Serialize(new { candidates = candidates.Select(c => new { kind = c.Answer is null ? "hypothesis" : "conclusion", text = c.Text, answer = c.Answer }) });

    private static string Scores(params double[] scores) =>
        JsonSerializer.Serialize(new { ratings = scores.Select((s, i) => new { candidate = i + 1, score = s, feedback = s < 40 ? "No fever; the answer is B." : "" }) });

    private static IPathway Tree(TreeOptions? options = null, int maxSteps = 12) =>
        PathwayNames.Create("TreeSearch", options: new PathwayOptions { Tree = options ?? new(), MaxSteps = maxSteps });

    [Fact]
    public void It_follows_the_best_candidate_and_keeps_the_whole_tree()
    {
        var (trace, requests) = Some.Play(Tree(), Some.Question(), Register.Vignette,
            (Reason, Candidates(("Consider pneumonia.", null), ("Consider asthma.", null))),
            (Reflect, Scores(30, 90)),
            (Reason, Candidates(("It is pneumonia.", "C"), ("It is asthma.", "B"))),
            (Reflect, Scores(5, 95)),
            (Judge, """{"sufficient":true}"""));
        Assert.Equal(("B", "Asthma", null, 5), (trace.AnswerLabel, trace.AnswerText, trace.Unusable, trace.Calls));
        Assert.Equal(["Consider asthma.", "It is asthma."], trace.Accepted.Select(s => s.Text));
        Assert.Equal([(1, 0), (2, 0), (3, 2), (4, 2)], trace.Steps.Where(s => s.Node is not null).Select(s => (s.Node!.Value, s.Parent!.Value)));
        Assert.Equal([30d, 90d, 5d, 95d], trace.Steps.Where(s => s.Node is not null).Select(s => s.Score!.Value));
        Assert.Equal("No fever; the answer is (withheld).", trace.Steps.First(s => s.Node == 1).Feedback);
        Assert.Equal("Consider asthma.", PromptText.Section(requests[2].User, "thought"));
        Assert.Equal("1. It is pneumonia.\n(answer C)\n2. It is asthma.\n(answer B)", PromptText.Section(requests[3].User, "candidates"));
        Assert.Equal("Consider asthma.\nIt is asthma.", PromptText.Section(requests[4].User, "thought"));
    }

    [Fact]
    public void A_path_that_leads_nowhere_is_left_for_an_earlier_fork()
    {
        var tree = PathwayNames.Create("TreeSearch", options: new PathwayOptions { MaxRejections = 1 });
        var (trace, requests) = Some.Play(tree, Some.Question(), Register.Vignette,
            (Reason, Candidates(("Consider pneumonia.", null), ("Consider asthma.", null))),
            (Reflect, Scores(90, 60)),
            (Reason, Candidates(("It is pneumonia.", "C"))),
            (Reflect, Scores(0)),
            (Reason, Candidates(("It is asthma.", "B"))),
            (Reflect, Scores(100)),
            (Judge, """{"sufficient":true}"""));
        Assert.Equal(["Consider asthma.", "It is asthma."], trace.Accepted.Select(s => s.Text));
        Assert.Equal("Consider asthma.", PromptText.Section(requests[4].User, "thought"));
        Assert.Equal(0, trace.Rejections);
    }

    [Fact]
    public void Where_every_candidate_is_wrong_the_expert_sees_what_it_tried_and_proposes_again()
    {
        var (trace, requests) = Some.Play(Tree(), Some.Question(), Register.Vignette,
            (Reason, Candidates(("It is pneumonia.", "C"))),
            (Reflect, Scores(10)),
            (Reason, Candidates(("It is pneumonia.", "C"), ("It is asthma.", "B"))),
            (Reflect, Scores(100)),
            (Judge, """{"sufficient":true}"""));
        Assert.Equal("B", trace.AnswerLabel);
        Assert.Equal("It is pneumonia.\n(No fever; the answer is (withheld).)", PromptText.Section(requests[2].User, "tried"));
        // What was said before is not scored again.
        Assert.Equal("1. It is asthma.\n(answer B)", PromptText.Section(requests[3].User, "candidates"));
    }

    [Fact]
    public void A_beam_goes_level_by_level()
    {
        var script = new (string, string)[]
        {
            (Reason, Candidates(("a", null), ("b", null), ("c", null))),
            (Reflect, Scores(90, 80, 70)),
            (Reason, Candidates(("a1", null))),
            (Reflect, Scores(90)),
            (Reason, Candidates(("b1", "B"))),
            (Reflect, Scores(95)),
            (Reason, Candidates(("a11", "B"))),
            (Reflect, Scores(50)),
            (Judge, """{"sufficient":true}"""),
        };
        var (trace, requests) = Some.Play(Tree(new TreeOptions { Strategy = TreeStrategy.Beam, BeamWidth = 2 }), Some.Question(), Register.Vignette, script);
        // Both of the beam's first level before the second one; c, third of its level, never.
        Assert.Equal(["(nothing yet)", "a", "b", "a\na1"], requests.Where(r => r.Role == Reason).Select(r => PromptText.Section(r.User, "thought")));
        Assert.Equal(["b", "b1"], trace.Accepted.Select(s => s.Text));
    }

    [Fact]
    public void A_judge_who_wants_more_has_the_search_go_on_from_there()
    {
        var (trace, _) = Some.Play(Tree(), Some.Question(), Register.Vignette,
            (Reason, Candidates(("It is asthma.", "B"))),
            (Reflect, Scores(90)),
            (Judge, """{"sufficient":false}"""),
            (Reason, Candidates(("She wheezes at night, so asthma.", "B"))),
            (Reflect, Scores(90)),
            (Judge, """{"sufficient":true}"""));
        Assert.Equal(2, trace.Accepted.Count());
        Assert.Equal("B", trace.AnswerLabel);
    }

    [Fact]
    public void The_budget_ends_a_search_with_its_reason()
    {
        var (trace, _) = Some.Play(Tree(new TreeOptions { Expansions = 1 }), Some.Question(), Register.Vignette,
            (Reason, Candidates(("Consider asthma.", null))),
            (Reflect, Scores(90)));
        Assert.Equal("no answer in 1 expansions of the tree", trace.Unusable);
        var (dead, _) = Some.Play(PathwayNames.Create("TreeSearch", options: new PathwayOptions { MaxRejections = 1 }), Some.Question(), Register.Vignette,
            (Reason, Candidates(("It is pneumonia.", "C"))),
            (Reflect, Scores(0)));
        Assert.Equal("no acceptable step left in the tree", dead.Unusable);
        Assert.Single(dead.Steps, s => s.Node == 1);
    }

    [Fact]
    public void The_state_can_be_put_down_as_JSON_and_taken_up_again()
    {
        var way = Tree();
        var move = way.Begin(Some.Question(), Register.Vignette);
        foreach (var reply in (string[])[Candidates(("Consider asthma.", null)), Scores(90), Candidates(("It is asthma.", "B")), Scores(90), """{"sufficient":true}"""])
        {
            var state = JsonSerializer.Deserialize<PathwayState>(JsonSerializer.Serialize(move.State, Trace.Json), Trace.Json)!;
            move = way.Next(state, new ExpertReply(reply));
        }

        Assert.Equal("B", move.Trace!.AnswerLabel);
    }

    [Theory]
    [InlineData(Register.Chart)]
    [InlineData(Register.Vignette)]
    public void With_the_clinic_a_search_finds_the_truth_where_the_reasoning_expert_alone_errs(Register register)
    {
        var exam = Some.Exam(60, register);
        var clinician = new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 1, Seed = 3 });
        var alone = exam.Count(q => Verification.Of(q, Some.Walk("HypotheticoDeductive", q, clinician)).Kept);
        var searched = exam.Select(q => (Question: q, Trace: Some.Walk("TreeSearch", q, clinician))).ToList();
        Assert.True(searched.Count(s => Verification.Of(s.Question, s.Trace).Kept) is var found && found > alone && found >= 57, $"{searched.Count(s => Verification.Of(s.Question, s.Trace).Kept)} of 60, {alone} alone");
        var check = new StepCheck(Some.Knowledge);
        Assert.All(searched.Where(s => s.Trace.Unusable is null), s => Assert.DoesNotContain(TraceFaithfulness.Of(check, s.Question, s.Trace).Claims,
            c => c is { Holds: false, Claim.Kind: not ClaimKind.Conclusion }));
    }

    [Fact]
    public void Its_narrative_is_the_path_alone()
    {
        var question = Some.Exam(1)[0];
        var trace = Some.Walk("TreeSearch", question, new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 1 }));
        Assert.Equal(string.Join(' ', trace.Accepted.Select(s => s.Text)), Narrator.Tell(question, trace).ThinkText);
    }
}
