using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

public sealed class NarratorTests
{
    private static readonly Question Charted = new()
    {
        Id = "q1",
        Stem = "dept ward male old has x no y history none ask diagnosis ?",
        Options = [new("A", "flu"), new("B", "mumps")],
        Answers = ["B"],
    };

    private static Trace Traced(Register register, params Step[] steps) => new()
    {
        Question = "q1",
        Pathway = PathwayNames.DualExpert,
        Register = register,
        Steps = steps,
        AnswerLabel = "B",
        AnswerText = register == Register.Chart ? "mumps" : "Asthma",
    };

    private static Step Said(StepKind kind, string text, string? feedback = null, bool accepted = true) =>
        new() { Role = ExpertRoles.Reasoning, Kind = kind, Text = text, Feedback = feedback, Accepted = accepted };

    private static string Marked(Narrative narrative) => string.Concat(narrative.Turn().Segments.Select(s => s.Weight == 0 ? $"[{s.Text}]" : s.Text));

    [Fact]
    public void A_caught_commitment_is_told_as_the_chart_grammar_says() => Assert.Equal(
        "<think> consider mumps : x + = 0 .[ so flu .] check flu 1 wrong so mumps 0 . </think> <answer> mumps B </answer>",
        Marked(Narrator.Tell(Charted, Traced(Register.Chart,
            Said(StepKind.Hypothesis, "consider mumps : x + = 0 .", "ok"),
            Said(StepKind.Conclusion, "so flu .", "1 wrong", accepted: false),
            new Step { Role = ExpertRoles.Reflection, Kind = StepKind.Reflection, Text = "0" },
            Said(StepKind.Conclusion, "so mumps 0 .", "0 ok")))));

    [Fact]
    public void A_commitment_that_stood_at_once_is_checked_too() => Assert.Equal(
        "<think> so mumps . check mumps 0 ok . </think> <answer> mumps B </answer>",
        Marked(Narrator.Tell(Charted, Traced(Register.Chart, Said(StepKind.Conclusion, "so mumps .", "0 ok")))));

    [Fact]
    public void Remarks_in_prose_do_not_get_into_a_chart() => Assert.Equal(
        "<think> [so flu .] check flu wrong so mumps . </think> <answer> mumps B </answer>",
        Marked(Narrator.Tell(Charted, Traced(Register.Chart,
            Said(StepKind.Conclusion, "so flu .", "You overlooked the Swelling!", accepted: false), Said(StepKind.Conclusion, "so mumps .")))));

    [Fact]
    public void In_prose_the_slip_is_noticed_in_words() => Assert.Equal(
        "<think>[It is pneumonia.] Wait, that is wrong: there is no fever. It is asthma.</think><answer>B. Asthma</answer>",
        Marked(Narrator.Tell(Some.Question(), Traced(Register.Vignette,
            Said(StepKind.Conclusion, "It is\npneumonia.", "There is no fever", accepted: false), Said(StepKind.Conclusion, "It is asthma.", "")))));

    [Fact]
    public void A_trace_without_an_answer_cannot_be_told() =>
        Assert.Throws<ArgumentException>(() => Narrator.Tell(Charted, Traced(Register.Chart) with { AnswerLabel = null, Unusable = "abstained" }));

    [Fact]
    public void Only_right_usable_traces_of_the_question_are_kept()
    {
        var good = Traced(Register.Chart, Said(StepKind.Conclusion, "so mumps ."));
        Assert.True(Verification.Of(Charted, good).Kept);
        Assert.Equal(Verification.WrongAnswer, Verification.Of(Charted, good with { AnswerLabel = "A", AnswerText = "flu" }).Reason);
        Assert.Equal(Verification.WrongAnswer, Verification.Of(Charted, good with { AnswerText = "flu" }).Reason);
        Assert.Equal(Verification.NoAnswer, Verification.Of(Charted, good with { AnswerLabel = null }).Reason);
        Assert.Equal(Verification.Abstained, Verification.Of(Charted, good with { Unusable = "abstained: x" }).Reason);
        Assert.Equal(Verification.OtherQuestion, Verification.Of(Charted with { Id = "q2" }, good).Reason);
    }

    [Fact]
    public void A_swapped_thought_is_another_questions_and_lengths_stay_as_they_were()
    {
        var items = Some.Made(Some.Exam(101), "HypotheticoDeductive").Items;
        var swapped = ReasoningSwap.Of(items, 3);
        Assert.Equal(items.Count, swapped.Count);
        static string Thought(string text) => text[..text.IndexOf("</think>", StringComparison.Ordinal)];
        static int Words(string text) => text.Split(' ').Length;
        foreach (var kind in items.Select(i => i.Question.Kind).Distinct())
        {
            var at = Enumerable.Range(0, items.Count).Where(i => items[i].Question.Kind == kind).ToList();
            Assert.Equal(
                at.Select(i => Thought(items[i].Example.Turns[1].Text)).Order(StringComparer.Ordinal),
                at.Select(i => Thought(swapped[i].Turns[1].Text)).Order(StringComparer.Ordinal));
        }

        for (var i = 0; i < items.Count; i++)
        {
            var (own, other) = (items[i].Example.Turns[1].Text, swapped[i].Turns[1].Text);
            Assert.NotEqual(Thought(own), Thought(other));
            Assert.InRange(Words(other) - Words(own), -25, 25);
            Assert.EndsWith($"<answer> {items[i].Question.AnswerText} {items[i].Question.Answer} </answer>", other, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => ReasoningSwap.Of([items[0]], 1));
    }

    [Fact]
    public void Pairs_set_right_against_wrong_on_the_same_question_only()
    {
        SampledAnswer Sample(string id, string output, bool correct) => new(Charted with { Id = id }, output, correct);
        var pairs = PreferencePairs.From(
            [
                Sample("a", "r1", true), Sample("a", "r1", true), Sample("a", "w1", false), Sample("a", "w2", false), Sample("a", "w3", false),
                Sample("b", "r", true), Sample("c", "w", false),
            ], seed: 1, perQuestion: 2);
        Assert.Equal(2, pairs.Count);
        Assert.All(pairs, p => Assert.Equal(("r1", QuestionText.Chart(Charted)), (p.Chosen, p.Prompt[0].Text)));
        Assert.Equal(2, pairs.Select(p => p.Rejected).Distinct().Count());
        Assert.Equal(2, pairs.Select(p => p.Id).Distinct().Count());

        pairs = PreferencePairs.From([Sample("a", "x y z", true), Sample("a", "u v w", true), Sample("a", "u v q", false), Sample("a", "x q", false)], closest: true);
        Assert.Equal([("u v w", "u v q"), ("x y z", "x q")], pairs.Select(p => (p.Chosen, p.Rejected)).Order());
    }

    [Fact]
    public void A_vignette_narrative_can_be_checked_sentence_by_sentence()
    {
        var result = Some.Made(Some.Exam(60, Register.Vignette), "DualExpert", new() { Fallibility = 1 });
        Assert.True(result.Report.WithCaughtError > 10);
        Assert.Equal(1.0, result.Report.Faithfulness.Fraction);
        Assert.True(result.Report.Corrections.Retracted > 10);
        Assert.True(result.Report.Faithfulness.FractionOf(ClaimKind.Contraindication) == 1);
    }
}
