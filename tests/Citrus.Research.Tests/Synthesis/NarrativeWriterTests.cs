using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

public sealed class NarrativeWriterTests
{
    private static readonly Trace Walked = new()
    {
        Question = "q1",
        Pathway = PathwayNames.DualExpert,
        Register = Register.Vignette,
        Steps =
        [
            new Step { Role = ExpertRoles.Reasoning, Kind = StepKind.Conclusion, Text = "It is\npneumonia.", Accepted = false, Feedback = "There is no fever." },
            new Step { Role = ExpertRoles.Reflection, Kind = StepKind.Reflection, Text = "0" },
            new Step { Role = ExpertRoles.Reasoning, Kind = StepKind.Conclusion, Text = "It is asthma." },
        ],
        AnswerLabel = "B",
        AnswerText = "Asthma",
    };

    private static Task<ToldTrace> Tell(Func<string, string> narrator, Trace? trace = null, Question? question = null) =>
        new NarrativeWriter(new StageExpert(new ScriptedExpert(narrator), "script", "narrator")).TellAsync(question ?? Some.Question(), trace ?? Walked, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_narrator_is_shown_the_steps_and_the_answer()
    {
        var prompt = "";
        var told = await Tell(text =>
        {
            prompt = text;
            return "<think>It wheezes, so asthma.</think><answer>B. Asthma</answer>";
        });
        Assert.Contains("slip: It is pneumonia.\nremark: There is no fever.\nkept: It is asthma.", prompt, StringComparison.Ordinal);
        Assert.Equal("<think>It wheezes, so asthma.</think><answer>B. Asthma</answer>", told.Narrative!.Turn().Text);
        Assert.Equal((1, 1L), (told.Attempts, told.Use.Calls));
    }

    [Theory]
    [InlineData("Here you are:\n```\n<Think>So asthma.</Think>\n<answer>B</answer>\n```")]
    [InlineData("<think>So asthma.</think>\n\n<answer>asthma")]
    [InlineData("<think>So asthma.<answer>(B) Asthma</answer>")]
    public async Task Fences_case_and_missing_end_tags_are_mended(string reply) =>
        Assert.Equal("<think>So asthma.</think><answer>B. Asthma</answer>", (await Tell(_ => reply)).Narrative!.Turn().Text);

    [Theory]
    [InlineData("<think>So asthma.</think><answer>A. Pulmonary embolism</answer>", "the answer must be \"B. Asthma\"", NarrativeWriter.OtherAnswer)]
    [InlineData("So asthma.", "each tag once", NarrativeWriter.Unreadable)]
    [InlineData("<think>a</think><think>b</think><answer>B</answer>", "each tag once", NarrativeWriter.Unreadable)]
    [InlineData("<answer>B</answer><think>b</think>", "the thought first", NarrativeWriter.Unreadable)]
    public async Task What_cannot_be_used_is_asked_for_again_and_then_left_out_with_its_reason(string reply, string problem, string reason)
    {
        var prompts = new List<string>();
        var told = await Tell(prompt =>
        {
            prompts.Add(prompt);
            return reply;
        });
        Assert.Null(told.Narrative);
        Assert.Equal((reason, 3), (told.Reason, told.Attempts));
        Assert.Contains(problem, prompts[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leak_is_asked_for_again_and_left_to_the_filter_where_it_stays()
    {
        var calls = 0;
        var told = await Tell(prompt => ++calls == 1 ? "<think>According to the reference answer it is asthma.</think><answer>B</answer>" : "<think>It wheezes: asthma.</think><answer>B</answer>");
        Assert.Equal("It wheezes: asthma.", told.Narrative!.ThinkText);
        Assert.Contains("reference answer", (await Tell(_ => "<think>The reference answer says asthma.</think><answer>B</answer>")).Narrative!.ThinkText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_free_answer_is_told_to_the_open_stem_in_its_own_words()
    {
        var question = Some.Question() with { OpenStem = "What does she have?" };
        var trace = Walked with { AnswerLabel = null, AnswerText = "Bronchial asthma" };
        var told = await Tell(_ => "<think>It wheezes.</think><answer>bronchial asthma.</answer>", trace, question);
        var example = ExampleWriter.Write(question, told.Narrative!, "pathway:x", told.Open);
        Assert.Equal(("What does she have?", "<think>It wheezes.</think><answer>Bronchial asthma</answer>"), (example.Turns[0].Text, example.Turns[1].Text));
    }

    [Fact]
    public async Task Charts_and_answers_without_a_thought_are_told_by_rule_and_nobody_is_asked()
    {
        static string Nobody(string prompt) => throw new InvalidOperationException("nobody should be asked");
        Assert.Equal("<answer>B. Asthma</answer>", (await Tell(Nobody, Walked with { Pathway = PathwayNames.Direct })).Narrative!.Turn().Text);
        Assert.Equal("Asthma B", (await Tell(Nobody, Walked with { Register = Register.Chart })).Answer);
    }
}
