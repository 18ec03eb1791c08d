using Citrus.Research.Clinic;
using Citrus.Research.Experts;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

public sealed class ExpertRegistryTests
{
    private static ExpertRegistry Registry() => new ExpertRegistry()
        .Register("clinic", "clinic[?fallibility=0..1&seed=n]", Clinician.Factory(Some.Knowledge))
        .Register("student", "student:DIR", spec => new ScriptedExpert(_ => spec.Target));

    [Fact]
    public async Task A_spec_makes_the_expert_that_its_kind_registered()
    {
        using var student = Registry().Create("student:C:/runs/best");
        Assert.Equal("C:/runs/best", (await student.GetResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken)).Text);
        Assert.IsType<Clinician>(Registry().Create("clinic?seed=7&fallibility=0.25"));
    }

    [Theory]
    [InlineData("openai:gpt", "student:DIR")]
    [InlineData("clinic?falibility=0.3", "it knows asks, certain, fallibility, position, seed, worth")]
    [InlineData("clinic?fallibility=1.5", "from 0 to 1")]
    [InlineData("clinic?fallibility=often", "from 0 to 1")]
    [InlineData("clinic?seed=1&seed=2", "twice")]
    [InlineData("clinic?seed", "name=value")]
    [InlineData("", "clinic?fallibility=0.3&seed=7")]
    public void A_wrong_spec_is_answered_with_what_would_be_right(string spec, string hint) =>
        Assert.Contains(hint, Assert.Throws<FormatException>(() => Registry().Create(spec)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_spec_has_one_canonical_text() =>
        Assert.Equal(ExpertSpec.Parse("clinic?a=1&b=2").ToString(), ExpertSpec.Parse(" clinic?b=2&a=1").ToString());

    [Fact]
    public async Task Use_is_counted_for_whole_and_streamed_answers_and_failures()
    {
        var token = TestContext.Current.CancellationToken;
        var counter = new UsageCounter();
        using var clinician = new ChatClientBuilder(new Clinician(Some.Knowledge)).UseUsage(counter).Build();
        var text = (await clinician.GetResponseAsync("one two three", cancellationToken: token)).Text;
        await foreach (var _ in clinician.GetStreamingResponseAsync("one two three", cancellationToken: token)) { }
        var words = text.Split(' ').Length;
        Assert.Equal((2, 6, 2L * words, 0), (counter.Calls, counter.TokensIn, counter.TokensOut, counter.Uncounted));
        Assert.Same(counter, clinician.GetService<UsageCounter>());

        using var broken = new ChatClientBuilder(new ScriptedExpert(_ => throw new InvalidOperationException("down"))).UseUsage(counter).Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.GetResponseAsync("x", cancellationToken: token));
        Assert.Equal((2, 1), (counter.Calls, counter.Failures));
    }
}
