using Citrus.Research.Models;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Models;

public sealed class GenerationEngineTests : IDisposable
{
    private readonly Decoder _decoder = new(Tiny.Config, 4, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_at_the_same_time_get_what_each_would_get_alone()
    {
        using var engine = new GenerationEngine(_decoder, batchSize: 3);
        var random = new SeededRandom(3);
        var asked = Enumerable.Range(0, 12).Select(i => (Prompt: (int[])[.. Enumerable.Range(0, random.Between(1, 20)).Select(_ => random.Next(20))],
            Options: new GenerationOptions { MaxNewTokens = random.Between(1, 15), Temperature = i % 2, TopK = 5, Seed = i, StopId = 7 })).ToList();
        var heard = asked.Select(_ => new List<int>()).ToList();
        var found = await Task.WhenAll(asked.Select((a, i) => Task.Run(() => engine.GenerateAsync(a.Prompt, a.Options, (id, _) => heard[i].Add(id), Stop), Stop)));
        for (var i = 0; i < asked.Count; i++)
        {
            var alone = Generator.Generate(_decoder, [asked[i].Prompt], asked[i].Options, cancellation: Stop)[0];
            Assert.Equal(alone.Ids, found[i].Ids);
            Assert.Equal(alone.LogProbability, found[i].LogProbability);
            Assert.Equal(alone.Ids, heard[i]);
        }
    }

    [Fact]
    public async Task A_request_that_is_given_up_frees_its_place()
    {
        using var engine = new GenerationEngine(_decoder, batchSize: 1);
        using var given = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        var first = engine.GenerateAsync([2, 5], new GenerationOptions { MaxNewTokens = 60 }, (_, _) =>
        {
            begun.TrySetResult();
            Thread.Sleep(2);
        }, given.Token);
        await begun.Task;
        var second = engine.GenerateAsync([2, 6], new GenerationOptions { MaxNewTokens = 3 }, cancellation: Stop);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(3, (await second).Ids.Length);
    }

    [Fact]
    public async Task A_fault_reaches_those_who_wait_and_the_next_begin_anew()
    {
        using var engine = new GenerationEngine(_decoder);
        await Assert.ThrowsAsync<FormatException>(() => engine.GenerateAsync([2, 5], new GenerationOptions { MaxNewTokens = 5 }, (_, _) => throw new FormatException("told"), Stop));
        Assert.Equal(4, (await engine.GenerateAsync([2, 5], new GenerationOptions { MaxNewTokens = 4 }, cancellation: Stop)).Ids.Length);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.GenerateAsync([], new GenerationOptions(), cancellation: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.GenerateAsync([2], new GenerationOptions { StopTexts = ["x"] }, cancellation: Stop));
    }

    [Fact]
    public async Task A_closed_engine_says_so()
    {
        var engine = new GenerationEngine(_decoder);
        var open = engine.GenerateAsync([2, 5], new GenerationOptions { MaxNewTokens = 60 }, (_, _) => Thread.Sleep(2), Stop);
        engine.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => open);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.GenerateAsync([2], new GenerationOptions(), cancellation: Stop));
    }

    public void Dispose() => _decoder.Dispose();
}
