using Citrus.Research.Experts;

namespace Citrus.Research.Tests.Experts;

public sealed class RecordAndReplayTests
{
    [Fact]
    public async Task A_recording_answers_as_the_expert_did_also_for_replies_that_came_from_the_cache()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync(new() { Reasoning = "content" });
        var options = new ExpertSessionOptions { Cache = folder["c.sqlite"], Record = folder["record"] };
        using (var cached = Endpoint.Session(options with { Record = null })) await Endpoint.Ask(cached.Open(endpoint.Spec), "为什么？");
        var replies = new List<object>();
        for (var run = 0; run < 2; run++)
        {
            using var session = Endpoint.Session(options);
            replies.Add(await Endpoint.Ask(session.Open(endpoint.Spec), "为什么？"));
            replies.Add(await Endpoint.Ask(session.Open(endpoint.Spec), "why?", sample: 3));
        }

        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder["record"], "exchanges.jsonl")).Length);
        using var replay = Endpoint.Session();
        var expert = replay.Open("replay:" + folder["record"]);
        Assert.Equal(replies[0], await Endpoint.Ask(expert, "为什么？"));
        Assert.Equal(replies[1], await Endpoint.Ask(expert, "why?", sample: 3));
        Assert.Equal((0, 2), (replay.Ledger.Total.Calls, endpoint.Server.Requests));

        var missing = await Assert.ThrowsAsync<ExpertException>(() => Endpoint.Ask(expert, "why?"));
        Assert.Equal(ExpertFault.NotRecorded, missing.Fault);
        Assert.Contains("answerer, sample 0", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_several_experts_were_recorded_one_must_be_named()
    {
        using var folder = new TempFolder();
        await using var endpoint = await Endpoint.StartAsync();
        var weak = endpoint.Spec + "-weak?temperature=1";
        using (var session = Endpoint.Session(new() { Record = folder.Root }))
        {
            await Endpoint.Ask(session.Open(endpoint.Spec));
            await Endpoint.Ask(session.Open(weak));
        }

        using var replay = Endpoint.Session();
        Assert.Contains($"replay:{folder.Root}#{weak}", Assert.Throws<FormatException>(() => replay.Open("replay:" + folder.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("holds no replies of clinic", Assert.Throws<FormatException>(() => replay.Open($"replay:{folder.Root}#clinic")).Message, StringComparison.Ordinal);
        Assert.NotEmpty((await Endpoint.Ask(replay.Open($"replay:{folder.Root}#{weak}"))).Text);
    }

    [Fact]
    public void A_folder_without_a_recording_or_with_a_broken_line_is_named()
    {
        using var folder = new TempFolder();
        using var session = Endpoint.Session();
        Assert.Contains("--record", Assert.Throws<FileNotFoundException>(() => session.Open("replay:" + folder.Root)).Message, StringComparison.Ordinal);
        folder.With("exchanges.jsonl", "{\"key\":\"zz\",\"spec\":\"x\"}\n");
        Assert.Contains("line 1", Assert.Throws<InvalidDataException>(() => session.Open("replay:" + folder.Root)).Message, StringComparison.Ordinal);
    }
}
