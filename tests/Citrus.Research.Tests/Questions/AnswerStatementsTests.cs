using System.Diagnostics;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Questions;

public sealed class AnswerStatementsTests
{
    private static readonly IReadOnlyList<Option> Four = Some.Options("Pulmonary embolism", "Myocardial infarction", "Acute pericarditis", "Vitamin A");
    private static readonly IReadOnlyList<Option> Ten = Some.Options("one thing", "two things", "three things", "four things", "five things", "six things", "seven things", "eight things", "nine things", "ten things");
    private static readonly IReadOnlyList<Option> Chinese = Some.Options("急性胰腺炎", "急性心肌梗死", "急性心包炎", "主动脉夹层", "肺栓塞");

    [Theory]
    // bold and boxed
    [InlineData("The answer is **B**.", "B")]
    [InlineData("**Answer: C**", "C")]
    [InlineData("**Answer**: C", "C")]
    [InlineData(@"So \[ \boxed{\text{B}} \]", "B")]
    [InlineData(@"$\boxed{(D)}$", "D")]
    // words between
    [InlineData("The correct answer is therefore option (C).", "C")]
    [InlineData("The answer to this question is B.", "B")]
    [InlineData("The most appropriate choice is **(B)**", "B")]
    [InlineData("I would go with option C because of the rub.", "C")]
    [InlineData("Therefore, I will select B.", "B")]
    // the letter in a line of its own
    [InlineData("The rub decides.\n\n**Final Answer**\n\nC", "C")]
    [InlineData("The best next step is:\n\n**D**", "D")]
    [InlineData("The rub decides.\n(C)", "C")]
    [InlineData("Most likely is:\n\n(C) Acute pericarditis\n\nThis fits the myocardial changes, and a pulmonary embolism does not.", "C")]
    [InlineData("The answer is:\n\n(B) Myocardial infarction\n\nIt is no acute pericarditis.", "B")]
    [InlineData("The most likely diagnosis is:\n\n**B) Myocardial infarction**\n\nThis is because of the ST elevation.", "B")]
    [InlineData("So A is out, and the best choice is:\n\n**D**. Vitamin A.\n\nThis is the most accurate statement.", "D")]
    // called the best
    [InlineData("Thus, giving it at once (A) is the most appropriate next step.", "A")]
    [InlineData("Option C is the best answer. Option B is not.", "C")]
    [InlineData("(D) Vitamin A is correct, so (B) is incorrect.", "D")]
    [InlineData("The factor that has received no support is (C).", "C")]
    // the last one counts
    [InlineData("The answer is A. Wait. The answer is (B).", "B")]
    [InlineData("(A) is correct if it is cold.\nThe answer is C", "C")]
    // refused only where nothing is stated
    [InlineData("I'm sorry for the delay. The answer is B.", "B")]
    // what is denied does not count
    [InlineData("It is not B. The answer is C.", "C")]
    [InlineData("The answer is C, not B.", "C")]
    [InlineData("The answer is C, B is wrong.", "C")]
    // another letter's text, a word that begins with a letter, a vitamin
    [InlineData("Hepatitis B is best treated early. The answer is C.", "C")]
    public void A_stated_letter_is_read(string output, string letter)
    {
        var answer = AnswerExtraction.Extract(output, Four);
        Assert.Equal((ExtractionTier.Stated, letter), (answer.Tier, answer.Letter));
    }

    [Theory]
    [InlineData("Answer: Myocardial infarction", "B")]
    [InlineData("Answer: Acute pericarditis\n\nExplanation: A pulmonary embolism or a myocardial infarction would look otherwise.", "C")]
    [InlineData("The answer is most likely acute pericarditis, given the rub.", "C")]
    [InlineData("Answer: Vitamin A", "D")]
    public void An_answer_in_words_is_read_where_it_is_announced(string output, string named)
    {
        var answer = AnswerExtraction.Extract(output, Four);
        Assert.Equal((ExtractionTier.OptionText, null, named), (answer.Tier, answer.Letter, answer.Named));
    }

    [Fact]
    public void Words_that_begin_like_a_label_are_no_letter()
    {
        var options = Some.Options("Actin filament assembly", "T-cell receptor signaling", "Microtubule polymerization", "B-cell maturation");
        Assert.Equal(("D", ExtractionTier.OptionText), (AnswerExtraction.Extract("Answer: B-cell maturation", options).Label, AnswerExtraction.Extract("Answer: B-cell maturation", options).Tier));
        Assert.Equal("B", AnswerExtraction.Extract("Answer: B. T-cell receptor signaling", options).Letter);
        Assert.Null(AnswerExtraction.Extract("I think that the answer is a matter of B-cells.", Four).Label);
    }

    [Fact]
    public void A_letter_that_is_no_label_may_be_what_an_option_says()
    {
        var regions = Some.Options("A", "B", "C", "E");
        Assert.Equal("D", AnswerExtraction.Extract("It is region E.\n\nAnswer: E", regions).Label);
        Assert.Equal("B", AnswerExtraction.Extract("Answer: B", regions).Letter);
    }

    [Theory]
    [InlineData("The answer is (J).", "J")]
    [InlineData("The answer is (I).", "I")]
    [InlineData("The answer is I because nine.", "I")]
    [InlineData("Answer: F", "F")]
    [InlineData("<answer>G</answer>", "G")]
    [InlineData("H", "H")]
    public void Letters_up_to_J_are_read(string output, string letter) => Assert.Equal(letter, AnswerExtraction.Extract(output, Ten).Letter);

    [Theory]
    [InlineData("答案是B。", "B")]
    [InlineData("答案：B", "B")]
    [InlineData("正确答案为（C）", "C")]
    [InlineData("因此，正确选项是D。", "D")]
    [InlineData("综上所述，故选E。", "E")]
    [InlineData("本题选B", "B")]
    [InlineData("我认为应选 **A**。", "A")]
    [InlineData("选项A错误，选项C错误，所以选择B。", "B")]
    [InlineData("答案是Ｂ", "B")]
    [InlineData("<answer>B．急性心肌梗死</answer>", "B")]
    [InlineData("<answer>B、急性心肌梗死</answer>", "B")]
    [InlineData("患者表现典型。\n\n最可能的诊断是：\n\nC", "C")]
    [InlineData("D项正确。", "D")]
    [InlineData("答案是B，不选A。", "B")]
    public void Chinese_answers_are_read(string output, string letter) => Assert.Equal(letter, AnswerExtraction.Extract(output, Chinese).Letter);

    [Theory]
    [InlineData("最可能的诊断是急性心肌梗死。", "B")]
    [InlineData("答案是肺栓塞", "E")]
    [InlineData("<answer>主动脉夹层</answer>", "D")]
    public void Chinese_answers_in_words_are_read(string output, string named) => Assert.Equal(named, AnswerExtraction.Extract(output, Chinese).Named);

    [Theory]
    // two letters
    [InlineData("The answer is A or B.")]
    [InlineData("The answer is (B), (C), or (D).")]
    [InlineData("<answer>B, C</answer>")]
    [InlineData("<answer>A and D</answer>")]
    // outside the options
    [InlineData("The answer is (E).")]
    [InlineData("The most appropriate answer is:\n\n(E) Median nerve\n\nThis is near to it.")]
    // none of them, nothing, refused
    [InlineData("None of the options is right, although a myocardial infarction is near.")]
    [InlineData("The answer is not (B).")]
    [InlineData("The right one, a myocardial infarction, is not listed.")]
    [InlineData("I'm sorry, but I can't help with a myocardial infarction.")]
    [InlineData("I cannot see the figure, so I cannot determine whether this is a myocardial infarction.")]
    [InlineData("B is not the answer I would give.")]
    // a list of options is no answer
    [InlineData("The options are:\nA. Pulmonary embolism\nB. Myocardial infarction\nC. Acute pericarditis\nD. Vitamin A")]
    [InlineData("Vitamin D is the best known of them.")]
    public void What_names_no_single_option_is_no_answer(string output) => Assert.Null(AnswerExtraction.Extract(output, Four).Label);

    [Theory]
    [InlineData("不选B，也不选C。")]
    [InlineData("选项B错误。")]
    [InlineData("答案是B或C。")]
    [InlineData("抱歉，无法确定是否为急性心肌梗死。")]
    public void Chinese_that_names_no_single_option_is_no_answer(string output) => Assert.Null(AnswerExtraction.Extract(output, Chinese).Label);

    [Fact]
    public void An_option_mentioned_long_before_the_end_is_no_answer()
    {
        var loop = string.Concat(Enumerable.Repeat("The patient has a history of smoking. ", 100));
        Assert.Null(AnswerExtraction.Extract("A myocardial infarction is possible. " + loop, Four).Label);
        Assert.Equal("B", AnswerExtraction.Extract(loop + "This is a myocardial infarction.", Four).Label);
    }

    public static TheoryData<string> HostileParts => ["(", "<answer>", "</think>", "<think>", "A", "A ", "(A) ", "*", "answer is ", "answer: ", "\n", "\n\n", " ", "is:\n", "\\boxed{", "答案", "选", "B, ", "the answer is not ", "Ａ", "\ud800", "\u0000", "pulmonary embolism ", "answer to x", "A is ", "option "];

    [Theory]
    [MemberData(nameof(HostileParts))]
    public void Much_of_anything_is_read_in_time_proportional_to_it(string part)
    {
        var output = string.Concat(Enumerable.Repeat(part, 400_000 / part.Length));
        var clock = Stopwatch.StartNew();
        AnswerExtraction.Extract(output, Ten);
        // Quadratic time would be hours; this is no measurement.
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("<answer>")]
    [InlineData("A ")]
    public void Five_megabytes_are_read_and_the_answer_behind_them(string part)
    {
        var output = string.Concat(Enumerable.Repeat(part, 5_000_000 / part.Length));
        AnswerExtraction.Extract(output, Four);
        Assert.Equal("B", AnswerExtraction.Extract(output + "<answer>B</answer>", Four).Letter);
    }

    [Fact]
    public void Whatever_is_put_together_is_read_without_an_error_and_gives_labels_of_the_options()
    {
        string[] parts = ["<think>", "</think>", "<answer>", "</answer>", "A", "B.", "(C)", " ", "\n", "the answer is", "Vitamin A", "\\boxed{", "*", ":", "答案是", "选", "or", ",", "is the best", "Option", "\ud83d", "Ｂ", "not", "none of the options", "Answer: ", "-", "}"];
        Gen.Int[0, parts.Length - 1].Array[0, 14].Sample(
            which =>
            {
                var answer = AnswerExtraction.Extract(string.Concat(which.Select(i => parts[i])), Four);
                return (answer.Label is null) == (answer.Tier == ExtractionTier.None) && (answer.Letter is null || Four.Any(o => o.Label == answer.Letter)) && (answer.Named is null || Four.Any(o => o.Label == answer.Named));
            },
            iter: 5000);
    }

    [Fact]
    public void A_letter_stated_behind_any_prose_without_letters_is_found() =>
        Gen.Select(Gen.String[Gen.Char["abc xyz.,\n"], 0, 300], Gen.Int[0, 3]).Sample((prose, which) =>
            AnswerExtraction.Extract($"{prose}\nThe answer is ({Four[which].Label}).", Four).Letter == Four[which].Label);
}
