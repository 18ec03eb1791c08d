using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Questions;

public sealed class ThinkTextTests
{
    [Theory]
    [InlineData("<think> a b </think> c", "a b", "c", true)]
    [InlineData("plain", "", "plain", true)]
    [InlineData("a b </think> c", "a b", "c", true)]
    [InlineData("<think> a <answer> x A </answer>", "a", "<answer> x A </answer>", false)]
    [InlineData("<think> a b", "a b", "", false)]
    [InlineData("", "", "", true)]
    public void Thought_and_answer_come_apart(string output, string thought, string answer, bool closed) =>
        Assert.Equal(new ThinkText(thought, answer, closed), ThinkText.Split(output));
}
