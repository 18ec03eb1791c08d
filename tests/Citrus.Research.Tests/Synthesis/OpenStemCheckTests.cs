using Citrus.Research.Questions;
using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Synthesis;

public sealed class OpenStemCheckTests
{
    private const string Case = "A 23-year-old woman has had a fever of 38.5°C (101.3°F) for 3 days. Blood pressure is 122/77 mmHg and she takes 500 mg of paracetamol.";

    private static readonly Question Asked = new()
    {
        Id = "q1",
        Stem = Case + " Which of the following is the best treatment?",
        Options = [new("A", "Ampicillin"), new("B", "Nitrofurantoin")],
        Answers = ["B"],
    };

    [Fact]
    public void A_rewriting_of_the_asking_sentence_alone_passes() => Assert.Null(OpenStemCheck.Problem(Asked, Case + "\n\nWhat is the best treatment?"));

    [Theory]
    [InlineData("38.5°C", "38.4°C", "38.5°c")]
    [InlineData("122/77 mmHg", "122/77", "122/77mmhg")]
    [InlineData("500 mg", "500 g", "500mg")]
    [InlineData("3 days", "3 weeks", "3days")]
    [InlineData("23-year-old", "32-year-old", "23-year-old")]
    public void Every_number_must_survive_with_its_unit(string was, string became, string named)
    {
        var problem = OpenStemCheck.Problem(Asked, (Case + " What is the best treatment?").Replace(was, became, StringComparison.Ordinal));
        Assert.NotNull(problem);
        Assert.Contains($"\"{named}\"", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_other_sentences_must_stay() =>
        Assert.Contains("this sentence of the stem is missing", OpenStemCheck.Problem(
            Asked with { Stem = "She feels well. " + Asked.Stem }, Case + " What is the best treatment?"), StringComparison.Ordinal);

    [Fact]
    public void It_may_neither_refer_to_options_nor_name_one()
    {
        Assert.Contains("refers to options", OpenStemCheck.Problem(Asked, Asked.Stem), StringComparison.Ordinal);
        Assert.Contains("names the option \"Nitrofurantoin\"", OpenStemCheck.Problem(Asked, Case + " Why is nitrofurantoin the best treatment?"), StringComparison.Ordinal);
    }

    [Fact]
    public void Chinese_stems_are_held_to_the_same()
    {
        var asked = Asked with { Stem = "患者，男，45岁，发热3天，体温38.5℃，血压120/80mmHg。最可能的诊断是下列哪一项？", Options = [new("A", "肺炎球菌肺炎"), new("B", "肺结核")] };
        Assert.Null(OpenStemCheck.Problem(asked, "患者，男，45岁，发热3天，体温38.5℃，血压120/80mmHg。最可能的诊断是什么？"));
        Assert.Contains("38.5", OpenStemCheck.Problem(asked, "患者，男，45岁，发热3天，体温38.8℃，血压120/80mmHg。最可能的诊断是什么？"), StringComparison.Ordinal);
        Assert.Contains("refers to options", OpenStemCheck.Problem(asked, asked.Stem), StringComparison.Ordinal);
    }
}
