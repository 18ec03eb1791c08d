using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Pathways;

public sealed class OpenAskingTests
{
    private static Question Open => Some.Question() with { OpenStem = "A 30-year-old woman wheezes at night. What does she have?" };

    [Fact]
    public void An_open_question_is_asked_without_its_options_and_answered_in_words()
    {
        var way = PathwayNames.Create("DualExpert", options: new PathwayOptions { Open = true });
        var (trace, requests) = Some.Play(way, Open, Register.Vignette,
            (ExpertRoles.Reasoning, """{"step":{"kind":"conclusion","text":"She wheezes, so it is asthma."},"answer":"bronchial asthma"}"""),
            (ExpertRoles.Reflection, """{"rating":1,"feedback":"ok"}"""),
            (ExpertRoles.Judge, """{"sufficient":true}"""));
        Assert.Equal((null, "bronchial asthma", null), (trace.AnswerLabel, trace.AnswerText, trace.Unusable));
        Assert.All(requests, r => Assert.DoesNotContain("Pneumonia", r.User, StringComparison.Ordinal));
        Assert.Equal("Asthma", PromptText.Section(requests[1].User, "truth"));
        Assert.DoesNotContain("Asthma", requests[0].User, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_that_nobody_rewrote_is_asked_with_its_options()
    {
        var (trace, requests) = Some.Play(PathwayNames.Create("Direct", options: new PathwayOptions { Open = true }), Some.Question(), Register.Vignette, (ExpertRoles.Reasoning, """{"answer":"B"}"""));
        Assert.Equal("B", trace.AnswerLabel);
        Assert.Contains("B. Asthma", requests[0].User, StringComparison.Ordinal);
    }

    [Fact]
    public void An_essay_is_no_answer()
    {
        var (trace, _) = Some.Play(PathwayNames.Create("Direct", options: new PathwayOptions { Open = true, Retries = 0 }), Open, Register.Vignette,
            (ExpertRoles.Reasoning, $$"""{"answer":"{{new string('x', 5000)}}"}"""));
        Assert.Contains("5000 characters", trace.Unusable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("DualExpert")]
    [InlineData("TreeSearch")]
    public async Task The_clinician_answers_open_questions_by_name(string pathway)
    {
        var question = Some.Exam(1, Register.Vignette)[0];
        var open = question with { OpenStem = question.Stem };
        var trace = await new PathwayDriver(new Clinician(Some.Knowledge, new ClinicianOptions { Fallibility = 0 }))
            .RunAsync(PathwayNames.Create(pathway, options: new PathwayOptions { Open = true }), open, Register.Vignette, TestContext.Current.CancellationToken);
        Assert.Null(trace.Unusable);
        Assert.Equal(question.AnswerText, trace.AnswerText, ignoreCase: true);
    }
}
