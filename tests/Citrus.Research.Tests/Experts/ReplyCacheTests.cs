using Citrus.Research.Experts;
using Citrus.Research.LoopbackServer;
using Microsoft.Extensions.AI;

namespace Citrus.Research.Tests.Experts;

public sealed class ReplyCacheTests
{
    [Fact]
    public async Task A_kept_reply_is_the_reply_it_was_and_costs_no_call()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { Reasoning = "content" });
        var options = new ExpertSessionOptions { Cache = folder["c.sqlite"], Prices = folder.With("p.csv", $"model,input,output\n{endpoint.Spec},10,20\n") };
        using var first = Endpoint.Session(options);
        var fresh = await Endpoint.Ask(first.Open(endpoint.Spec));
        Assert.True(fresh.Cost > 0 && fresh.Latency > 0 && fresh.Reasoning is not null);
        first.Dispose();

        using var second = Endpoint.Session(options);
        var kept = await Endpoint.Ask(second.Open(endpoint.Spec + "?timeout=9&rpm=100"));
        Assert.Equal(fresh, kept);
        Assert.Equal((1, 1, 0), (endpoint.Server.Requests, second.CacheHits, second.Ledger.Total.Calls));
    }

    [Fact]
    public async Task Another_model_prompt_option_or_sample_is_another_reply()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync();
        using var session = Endpoint.Session(new() { Cache = folder["c.sqlite"] });
        foreach (var spec in new[] { "", "?temperature=0.1", "?temperature=0.2", "?top_p=0.2", "?max_tokens=5", "?seed=1" }) await Endpoint.Ask(session.Open(endpoint.Spec + spec));
        await Endpoint.Ask(session.Open(endpoint.Spec + "2"));
        await Endpoint.Ask(session.Open(endpoint.Spec), "Who?");
        await Endpoint.Ask(session.Open(endpoint.Spec), sample: 1);
        Assert.Equal((9, 0), (endpoint.Server.Requests, session.CacheHits));
    }

    [Fact]
    public async Task Callers_that_ask_the_same_at_once_share_a_call_and_one_that_gives_up_harms_none()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { LatencyMs = 150 });
        using var session = Endpoint.Session(new() { Cache = folder["c.sqlite"] });
        var expert = session.Open(endpoint.Spec);
        using var stop = new CancellationTokenSource();
        var leader = expert.GetResponseAsync("same", cancellationToken: stop.Token);
        var followers = Enumerable.Range(0, 20).Select(_ => expert.GetResponseAsync("same")).ToList();
        await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        await Task.WhenAll(followers);
        Assert.Equal(2, endpoint.Server.Requests);
    }

    [Fact]
    public async Task A_failed_call_is_not_kept()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { Faults = FaultPlan.Parse("500") });
        using var session = Endpoint.Session(new() { Cache = folder["c.sqlite"], Retries = 0 });
        for (var i = 0; i < 2; i++) await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(session.Open(endpoint.Spec)));
        Assert.Equal(2, endpoint.Server.Requests);
    }

    [Fact]
    public async Task Writes_of_many_callers_are_all_there_and_a_stranger_file_is_refused()
    {
        using var folder = new TempFolder();
        var file = folder["deep/c.sqlite"];
        using (var cache = ReplyCache.Open(file))
        {
            await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => cache.KeepAsync(new RequestKey((ulong)i, 0, 0, 0), new KeptReply { Text = $"回复 {i}", Cost = i })));
            Assert.Equal("回复 7", cache.Find(new RequestKey(7, 0, 0, 0))!.Text);
            Assert.Null(cache.Find(new RequestKey(7, 0, 0, 1)));
        }

        using (var again = ReplyCache.Open(file)) Assert.Equal((2000, 1999.0), (again.Count, again.Find(new RequestKey(1999, 0, 0, 0))!.Cost));
        Assert.Contains("--cache", Assert.Throws<InvalidDataException>(() => ReplyCache.Open(folder.With("x.sqlite", new string('x', 5000)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_process_was_given_is_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a copy of an open file is what is looked at here");
        using var folder = new TempFolder();
        using var cache = ReplyCache.Open(folder["c.sqlite"]);
        await cache.KeepAsync(new RequestKey(1, 2, 3, 4), new KeptReply { Text = "paid" });
        // The state of the files at this moment is what a kill would leave.
        foreach (var file in Directory.GetFiles(folder.Root)) File.Copy(file, file.Replace("c.sqlite", "killed.sqlite", StringComparison.Ordinal));
        using var after = ReplyCache.Open(folder["killed.sqlite"]);
        Assert.Equal("paid", after.Find(new RequestKey(1, 2, 3, 4))!.Text);
    }
}
