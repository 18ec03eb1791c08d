using Citrus.Research.Pathways;

namespace Citrus.Research.Tests.Pathways;

public sealed class AnswerLeakTests
{
    [Theory]
    [InlineData("No, it is ASTHMA, look again.")]
    [InlineData("The answer is B.")]
    [InlineData("Have you thought of option B?")]
    [InlineData("Wrong, see (B).")]
    public void Feedback_that_names_the_answer_is_masked(string feedback)
    {
        Assert.True(AnswerLeak.In(feedback, Some.Question()));
        var masked = AnswerLeak.Mask(feedback, Some.Question());
        Assert.Contains(AnswerLeak.Withheld, masked, StringComparison.Ordinal);
        Assert.DoesNotContain("asthma", masked, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("B.", masked, StringComparison.Ordinal);
        Assert.False(AnswerLeak.In(masked, Some.Question()));
    }

    [Theory]
    [InlineData("Pneumonia does not fit: there is no fever.")]
    [InlineData("Both findings of the Blood count are misread.")]
    [InlineData("She is asthmatic? That is not told.")]
    public void Other_feedback_is_left_alone(string feedback) => Assert.Equal(feedback, AnswerLeak.Mask(feedback, Some.Question()));
}
