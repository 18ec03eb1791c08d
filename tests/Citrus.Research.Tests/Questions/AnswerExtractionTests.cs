using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Questions;

public sealed class AnswerExtractionTests
{
    private static readonly IReadOnlyList<Option> Chart = Some.Options("angina", "pulmonary_embolism", "flu", "gout");
    private static readonly IReadOnlyList<Option> Prose = Some.Options("Pulmonary embolism", "Myocardial infarction", "Acute pericarditis", "Vitamin A");

    [Theory]
    // chart
    [InlineData("<answer> pulmonary_embolism B </answer>", "B", "B", true)]
    [InlineData("<think> so angina . </think> <answer> angina A </answer>", "A", "A", true)]
    [InlineData("<think> so angina . </think> <answer> angina B </answer>", "B", "A", true)]
    [InlineData("<answer> nonsense C </answer>", "C", null, true)]
    [InlineData("<answer> B </answer>", "B", null, true)]
    [InlineData("<answer> gout </answer>", null, "D", true)]
    [InlineData("<answer> A angina </answer>", "A", "A", true)]
    [InlineData("<answer> flu C", "C", "C", false)]
    [InlineData("<think> consider flu <answer> flu C </answer>", "C", "C", false)]
    [InlineData("<answer> flu C </answer> <answer> gout D </answer>", "D", "D", false)]
    public void A_tagged_chart_answer_gives_letter_and_named_option(string output, string? letter, string? named, bool wellFormed) =>
        Assert.Equal(new ExtractedAnswer(ExtractionTier.Tagged, letter, named, wellFormed), AnswerExtraction.Extract(output, Chart));

    [Theory]
    [InlineData("<think>x</think><answer>B. Myocardial infarction</answer>", "B", "B")]
    [InlineData("<answer>(C) acute  pericarditis.</answer>", "C", "C")]
    [InlineData("<answer>**A: Pulmonary embolism**</answer>", "A", "A")]
    [InlineData("<answer>Myocardial infarction (B)</answer>", "B", "B")]
    [InlineData("<answer>B) Pulmonary embolism</answer>", "B", "A")]
    [InlineData("<answer>Vitamin A</answer>", null, "D")]
    [InlineData("<answer>D. Vitamin A</answer>", "D", "D")]
    [InlineData("<answer>A pulmonary embolism is likeliest</answer>", null, "A")]
    [InlineData("<answer>The answer is B because of the ST elevation.</answer>", "B", null)]
    [InlineData("<answer>Option C</answer>", "C", null)]
    public void A_tagged_answer_in_prose_gives_letter_and_named_option(string output, string? letter, string? named)
    {
        var answer = AnswerExtraction.Extract(output, Prose);
        Assert.Equal((ExtractionTier.Tagged, letter, named), (answer.Tier, answer.Letter, answer.Named));
    }

    [Theory]
    [InlineData("I think the answer is (B).", "B")]
    [InlineData("The correct answer is B because the ECG shows it.", "B")]
    [InlineData("Option A is wrong. The best answer is option C.", "C")]
    [InlineData("**Answer:** B", "B")]
    [InlineData("Answer: **B. Myocardial infarction**", "B")]
    [InlineData(@"Therefore $\boxed{C}$", "C")]
    [InlineData("First I thought the answer is A. But no: the answer is B.", "B")]
    [InlineData("<think>the answer is A</think>The answer is C", "C")]
    [InlineData("B", "B")]
    [InlineData("B. Myocardial infarction", "B")]
    [InlineData("Choice B is the correct answer, not A.", "B")]
    public void A_stated_letter_counts_where_there_is_no_tag(string output, string letter)
    {
        var answer = AnswerExtraction.Extract(output, Prose);
        Assert.Equal((ExtractionTier.Stated, letter), (answer.Tier, answer.Letter));
        Assert.False(answer.IsWellFormed);
    }

    [Theory]
    [InlineData("This is most likely a myocardial infarction.", "B")]
    [InlineData("It could be a pulmonary embolism or acute pericarditis.\nOverall I favour acute pericarditis.", "C")]
    public void An_options_text_counts_where_nothing_else_does(string output, string named) =>
        Assert.Equal(new ExtractedAnswer(ExtractionTier.OptionText, null, named, false), AnswerExtraction.Extract(output, Prose));

    [Theory]
    [InlineData("")]
    [InlineData("The answer is a matter of debate.")]
    [InlineData("The answer is A patient-centred one.")]
    [InlineData("<think> the answer is B")]
    [InlineData("Pulmonary embolism or myocardial infarction")]
    [InlineData("The answer is X.")]
    [InlineData("<answer>none of these</answer>")]
    [InlineData("<think>myocardial infarction</think>")]
    public void What_names_no_option_or_several_is_no_answer(string output) =>
        Assert.Equal(new ExtractedAnswer(ExtractionTier.None, null, null, false), AnswerExtraction.Extract(output, Prose));

    [Fact]
    public void A_text_inside_a_longer_options_text_does_not_count()
    {
        var options = Some.Options("Hepatitis", "Hepatitis B", "Chronic hepatitis B");
        Assert.Equal("C", AnswerExtraction.Extract("She has chronic hepatitis B.", options).Label);
        Assert.Equal("B", AnswerExtraction.Extract("<answer>Hepatitis B</answer>", options).Named);
    }

    [Fact]
    public void What_the_student_was_taught_to_write_is_always_read()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.String[Gen.Char["ab .<>"], 0, 20]).Sample((text, label, thought) =>
        {
            var answer = AnswerExtraction.Extract($"<think> {thought} </think> <answer> {Chart[text].Text} {Chart[label].Label} </answer>", Chart);
            return answer == new ExtractedAnswer(ExtractionTier.Tagged, Chart[label].Label, Chart[text].Label, true) && answer.Disagrees == (text != label);
        });
    }

    [Fact]
    public void No_output_whatever_throws()
    {
        string[] parts = ["<think>", "</think>", "<answer>", "</answer>", "A", "B.", "(C)", " ", "\n", "the answer is", "Vitamin A", "\\boxed{", "*"];
        Gen.Int[0, parts.Length - 1].Array[0, 12].Sample(which => { AnswerExtraction.Extract(string.Concat(which.Select(i => parts[i])), Prose); });
    }
}
