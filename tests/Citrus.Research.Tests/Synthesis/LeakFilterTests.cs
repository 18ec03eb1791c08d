using Citrus.Research.Synthesis;

namespace Citrus.Research.Tests.Synthesis;

public sealed class LeakFilterTests
{
    [Theory]
    [InlineData("The correct answer is given as B, so it must be asthma.")]
    [InlineData("According to the reference answer, this is asthma.")]
    [InlineData("This matches the provided answer.")]
    [InlineData("Good, and that matches the answer.")]
    [InlineData("As the feedback says, there is no fever.")]
    [InlineData("The feedback points out that the fever is missing.")]
    [InlineData("The reviewer disagrees, so I change my mind.")]
    [InlineData("Based on the expert's feedback I drop pneumonia.")]
    [InlineData("Since we already know the correct answer, pneumonia is out.")]
    [InlineData("I was told that the diagnosis is asthma.")]
    [InlineData("The ground truth is asthma.")]
    [InlineData("Given the stated answer, the mechanism must be bronchospasm, as the given answer implies.")]
    [InlineData("It is not (withheld), so perhaps asthma.")]
    [InlineData("The rejected step said pneumonia.")]
    [InlineData("根据参考答案，应为哮喘。")]
    [InlineData("已知正确答案为B，因此排除肺炎。")]
    [InlineData("这与标准答案一致。")]
    [InlineData("反馈指出患者没有发热。")]
    [InlineData("专家反馈认为该步骤有误。")]
    [InlineData("题目已给出正确答案。")]
    public void It_finds_where_a_truth_or_a_reviewer_was_there_beforehand(string text) => Assert.NotNull(LeakFilter.Find(text));

    [Theory]
    [InlineData("So the answer is B.")]
    [InlineData("The correct answer is asthma, because she wheezes at night.")]
    [InlineData("Of the given answer choices, only asthma explains the wheeze.")]
    [InlineData("The right option is B. Asthma")]
    [InlineData("Negative feedback on the pituitary explains the low TSH.")]
    [InlineData("Based on the feedback inhibition of TSH, the gland is overactive.")]
    [InlineData("Biopsy is the gold standard test; expert opinion agrees.")]
    [InlineData("Wait, that is wrong: there is no fever.")]
    [InlineData("A known diagnosis of asthma runs in the family.")]
    [InlineData("The standard solution for resuscitation is saline.")]
    [InlineData("The supervisor at work noticed the tremor.")]
    [InlineData("The low sodium is consistent with the solution that was infused; these are the accepted steps of resuscitation.")]
    [InlineData("综合以上分析，答案是B。")]
    [InlineData("正确答案应为哮喘，因为患者夜间喘息。")]
    [InlineData("甲状腺激素升高，负反馈提示TSH降低，符合甲亢。")]
    [InlineData("根据专家共识，首选吸入激素。")]
    public void It_lets_a_thought_come_to_its_answer(string text) => Assert.Null(LeakFilter.Find(text));
}
