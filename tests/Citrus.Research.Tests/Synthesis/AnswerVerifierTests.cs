using Citrus.Research.Clinic;
using Citrus.Research.Pathways;
using Citrus.Research.Questions;
using Citrus.Research.Synthesis;
using Citrus.Research.Tests.Pathways;

namespace Citrus.Research.Tests.Synthesis;

public sealed class AnswerVerifierTests
{
    private static readonly Question Asked = Some.Question() with { OpenStem = "A 30-year-old woman wheezes at night. What does she have?" };

    private static Trace Ends(string? label, string? text, string? unusable = null) => new()
    {
        Question = "q1",
        Pathway = PathwayNames.DualExpert,
        Register = Register.Vignette,
        Steps = [],
        AnswerLabel = label,
        AnswerText = text,
        Unusable = unusable,
    };

    private static Task<VerifiedTrace> Verify(Trace trace, Func<string, string>? checker = null) =>
        new AnswerVerifier(checker is null ? null : new StageExpert(new ScriptedExpert(checker), "script", "checker", 1)).VerifyAsync(Asked, trace, TestContext.Current.CancellationToken);

    private static string Nobody(string prompt) => throw new InvalidOperationException("nobody should be asked");

    [Fact]
    public async Task A_label_decides_without_asking()
    {
        Assert.True((await Verify(Ends("B", "Asthma"), Nobody)) is { Kept: true, By: "label" });
        Assert.True((await Verify(Ends("A", "Pulmonary embolism"), Nobody)) is { Kept: false, Reason: Verification.WrongAnswer });
        Assert.True((await Verify(Ends(null, null, "abstained: too little"), Nobody)) is { Kept: false, Reason: Verification.Abstained });
    }

    [Theory]
    [InlineData("asthma", true)]
    [InlineData(" The Asthma. ", true)]
    [InlineData("Pneumonia", false)]
    public async Task A_free_answer_in_an_options_words_decides_without_asking(string text, bool right)
    {
        var verified = await Verify(Ends(null, text), Nobody);
        Assert.Equal((right, "text"), (verified.Kept, verified.By));
    }

    [Fact]
    public async Task A_free_answer_in_other_words_goes_to_the_checker_who_is_told_question_truth_and_answer()
    {
        var prompt = "";
        var verified = await Verify(Ends(null, "Bronchial hyperreactivity"), text =>
        {
            prompt = text;
            return """```json {"same": "yes", "reason": "another name"} ```""";
        });
        Assert.True(verified is { Kept: true, By: "checker", Said: "another name", Use.Calls: 1 });
        Assert.Contains("What does she have?", prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("Pneumonia", prompt, StringComparison.Ordinal);
        Assert.True((await Verify(Ends(null, "Croup"), _ => """{"same": false, "reason": "no"}""")) is { Kept: false, Reason: Verification.WrongAnswer });
    }

    [Fact]
    public async Task Without_a_usable_check_it_is_left_out_as_not_checked()
    {
        var verified = await Verify(Ends(null, "Croup"), _ => "hm");
        Assert.Equal((false, Verification.Unchecked, 2L), (verified.Kept, verified.Reason, verified.Use.Calls));
        Assert.Equal(Verification.Unchecked, (await Verify(Ends(null, "Croup"))).Reason);
    }

    [Fact]
    public async Task The_clinician_checks_by_words_and_by_what_it_knows_under_another_name()
    {
        var checker = new StageExpert(new Clinician(Some.Knowledge), "clinic", "checker");
        var disease = Some.Knowledge.Diseases.Values.First();
        var asked = Asked with { Options = [new("A", disease.Name), new("B", "Something else")], Answers = ["A"] };
        var verified = await new AnswerVerifier(checker).VerifyAsync(asked, Ends(null, disease.Id), TestContext.Current.CancellationToken);
        Assert.True(verified.Kept);
        Assert.False((await new AnswerVerifier(checker).VerifyAsync(asked, Ends(null, "gout of the ear"), TestContext.Current.CancellationToken)).Kept);
    }
}
