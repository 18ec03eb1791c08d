using Citrus.Research.Experts;
using Citrus.Research.Tests.Pathways;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Citrus.Research.Tests.Experts;

/// <summary>Waiting, on a clock of its own.</summary>
public sealed class RateAndRetryTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task No_more_requests_begin_in_any_minute_than_allowed()
    {
        var limit = new RateLimit(3, null, _clock);
        for (var i = 0; i < 3; i++) Assert.True(limit.EnterAsync(1).IsCompletedSuccessfully);
        var fourth = limit.EnterAsync(1).AsTask();
        var fifth = limit.EnterAsync(1).AsTask();
        await Pass(59);
        Assert.False(fourth.IsCompleted);
        await Pass(2);
        await fourth.WaitAsync(TimeSpan.FromSeconds(5));
        await fifth.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task No_more_tokens_begin_in_any_minute_than_allowed_and_estimates_are_corrected()
    {
        var limit = new RateLimit(null, 1000, _clock);
        var first = await limit.EnterAsync(900);
        var second = limit.EnterAsync(200).AsTask();
        await Pass(1);
        Assert.False(second.IsCompleted);
        // It took 100 only, so that there is room after all; the second is let in when it looks again, a minute after the first.
        limit.Correct(first, 100);
        await Pass(60);
        await second.WaitAsync(TimeSpan.FromSeconds(5));
        var huge = limit.EnterAsync(5000).AsTask();
        await Pass(61);
        await huge.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_pause_holds_every_caller()
    {
        var limit = new RateLimit(null, null, _clock);
        Assert.Null(await limit.EnterAsync(1));
        limit.Pause(TimeSpan.FromSeconds(30));
        var waiting = Enumerable.Range(0, 5).Select(_ => limit.EnterAsync(1).AsTask()).ToList();
        await Pass(29);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        await Pass(2);
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_retry_waits_as_long_as_the_server_asks_for()
    {
        var expert = new ScriptedExpert(_ => throw new ExpertException(ExpertFault.RateLimited, "slow down") { RetryAfter = TimeSpan.FromSeconds(20) });
        using var retry = new RetryChatClient(expert, 1, TimeSpan.FromSeconds(1), _clock);
        var call = retry.GetResponseAsync("x");
        await Pass(19);
        Assert.Equal(1, expert.Calls);
        await Pass(3);
        var error = await Assert.ThrowsAsync<ExpertException>(() => call);
        Assert.Equal(2, expert.Calls);
        Assert.Contains("given up after 2 attempts", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExpertFault.Unauthorised)]
    [InlineData(ExpertFault.BudgetSpent)]
    [InlineData(ExpertFault.ContentFilter)]
    [InlineData(ExpertFault.BadRequest)]
    public async Task What_would_fail_again_is_not_tried_again(ExpertFault fault)
    {
        var expert = new ScriptedExpert(_ => throw new ExpertException(fault, "no"));
        using var retry = new RetryChatClient(expert, 5, TimeSpan.FromSeconds(1), _clock);
        Assert.Equal(fault, (await Assert.ThrowsAsync<ExpertException>(() => retry.GetResponseAsync("x"))).Fault);
        Assert.Equal(1, expert.Calls);
    }

    /// <summary>Lets the clock go on second by second, and what waits for it run.</summary>
    private async Task Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            await Task.Delay(1);
        }
    }
}
