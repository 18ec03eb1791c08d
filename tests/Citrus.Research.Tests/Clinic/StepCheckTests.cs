using Citrus.Research.Clinic;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Clinic;

public sealed class StepCheckTests
{
    // In the tiny world this is a flu: fever and cough, no rash; a pregnant patient may not have a1.
    private static readonly Question Asked = new()
    {
        Id = "t",
        Stem = "dept ward female young has fever cough no rash history pregnancy ask treatment ?",
        Options = [new("A", "b1"), new("B", "a1"), new("C", "b2"), new("D", "a2")],
        Answers = ["D"],
    };

    private static readonly StepCheck Check = new(World.Tiny);

    [Theory]
    [InlineData("consider flu : fever + cough + rash + = 0 .", 4, 4)]
    [InlineData("consider flu : fever + cough - rash + = 1 .", 4, 2)]
    [InlineData("consider measles : fever + cough - rash - = 2 .", 4, 4)]
    [InlineData("consider flu : fever + smoking - = 0 .", 3, 2)]
    [InlineData("so flu .", 1, 1)]
    [InlineData("so measles .", 1, 0)]
    [InlineData("looks like flu because fever rash . give a2 .", 4, 3)]
    [InlineData("so flu . confirm t1 .", 2, 2)]
    [InlineData("so flu . confirm t2 .", 2, 1)]
    [InlineData("so flu . first a1 avoid allergy - pregnancy + stop second a2 .", 8, 8)]
    [InlineData("so flu . first a1 avoid weak_heart - pregnancy - ok .", 7, 4)]
    [InlineData("gibberish consider so = + . flu fever check", 0, 0)]
    public void Claims_of_a_chart_are_held_against_question_and_knowledge(string text, int claims, int right)
    {
        var verdicts = Check.Check(Asked, text);
        Assert.Equal((claims, right), (verdicts.Faithfulness.Claims, verdicts.Faithfulness.True));
        Assert.All(verdicts.Claims, v => Assert.Equal(v.Holds, v.Reason.Length == 0));
    }

    [Fact]
    public void A_caught_and_mended_error_is_a_correction_and_no_longer_a_claim()
    {
        var verdicts = Check.Check(Asked, "<think> so measles . check measles 2 wrong so flu 0 . first a1 avoid allergy - pregnancy - ok . check history pregnancy wrong second a2 . </think> <answer> a2 D </answer>");
        Assert.Equal(new Corrections(Retracted: 2, Caught: 2, Repaired: 2, Missed: 0), verdicts.Corrections);
        Assert.Equal(1.0, verdicts.Faithfulness.Fraction);
    }

    [Theory]
    [InlineData("so flu . check flu 0 wrong so measles 2 .", 1, 0, 0, 2)]
    [InlineData("so measles . check measles 2 ok .", 0, 0, 0, 2)]
    [InlineData("so measles . check measles 2 wrong so scabies 3 .", 1, 1, 0, 1)]
    public void False_alarms_and_missed_errors_are_told_apart(string text, int retracted, int caught, int repaired, int missed) =>
        Assert.Equal(new Corrections(retracted, caught, repaired, missed), Check.Check(Asked, text).Corrections);

    [Theory]
    [InlineData("A fever fits Influenza.", ClaimKind.Finding, true)]
    [InlineData("No fever fits Influenza.", ClaimKind.Finding, false)]
    [InlineData("Clear skin speaks against Measles.", ClaimKind.Finding, true)]
    [InlineData("A cough is in keeping with Measles.", ClaimKind.Finding, false)]
    [InlineData("In all, two findings speak against Measles.", ClaimKind.Count, true)]
    [InlineData("In all, no findings speak against Measles.", ClaimKind.Count, false)]
    [InlineData("The most likely diagnosis is Influenza.", ClaimKind.Conclusion, true)]
    [InlineData("Scabies can be ruled out.", ClaimKind.Elimination, true)]
    [InlineData("Influenza can be ruled out.", ClaimKind.Elimination, false)]
    [InlineData("Drug A1 is to be avoided with pregnancy.", ClaimKind.Contraindication, true)]
    [InlineData("Drug A1 is to be avoided with a weak heart.", ClaimKind.Contraindication, false)]
    [InlineData("The record shows nothing of note.", ClaimKind.History, false)]
    public void Claims_of_prose_are_read_and_checked(string text, ClaimKind kind, bool holds)
    {
        var vignette = Asked with
        {
            Stem = "A 25-year-old woman comes to the ward with a fever and a cough. Examination shows clear skin. The history is notable for a current pregnancy. Which is the best treatment?",
            Options = [new("A", "Drug B1"), new("B", "Drug A1"), new("C", "Drug B2"), new("D", "Drug A2")],
        };
        var verdict = Assert.Single(Check.Check(vignette, text).Claims);
        Assert.Equal((kind, holds), (verdict.Claim.Kind, verdict.Holds));
    }

    [Fact]
    public void Whether_the_evidence_supports_the_key_is_told_apart_from_not_understanding()
    {
        Assert.True(Check.IsSupported(Asked));
        Assert.False(Check.IsSupported(Asked with { Answers = ["B"] }));
        Assert.Null(Check.IsSupported(new Question { Id = "x", Stem = "What is love?", Options = [new("A", "A game"), new("B", "A word")], Answers = ["A"] }));
    }

    [Fact]
    public void No_output_of_a_student_makes_the_check_throw()
    {
        string[] words = ["consider", "so", "check", "wrong", "ok", "first", "second", "avoid", "history", "none", "stop", "flu", "measles", "fever", "rash", "a1", "b2", "t1", "pregnancy", ":", "=", "+", "-", ".", "3", "looks", "like", "because", "<think>", "</think>", "<answer>"];
        Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[0, 40].Sample(text =>
        {
            var verdicts = Check.Check(Asked, string.Join(' ', text));
            Assert.InRange(verdicts.Faithfulness.True, 0, verdicts.Faithfulness.Claims);
            Assert.True(verdicts.Corrections.Repaired <= verdicts.Corrections.Caught && verdicts.Corrections.Caught <= verdicts.Corrections.Retracted);
        }, iter: 3000);
    }
}
