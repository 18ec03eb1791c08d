using Citrus.Research.Models;
using Citrus.Research.Questions;

namespace Citrus.Research.Tests.Models;

public sealed class WriterTests : IDisposable
{
    private readonly Decoder _decoder = new(Tiny.Config, 4, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_writers_see_the_same_logits_while_texts_come_fork_and_go()
    {
        using IWriter fast = new CpuWriter(_decoder, 2), plain = new TorchWriter(_decoder);
        var random = new SeededRandom(5);
        var open = new List<(int Fast, int Plain, int Length)>();
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    open.Add((fast.Open(), plain.Open(), 0));
                    break;
                case 2 when open.Count > 0:
                    var from = open[random.Next(open.Count)];
                    var common = random.Next(from.Length + 1);
                    open.Add((fast.Fork(from.Fast, common), plain.Fork(from.Plain, common), common));
                    break;
                case 3 when open.Count > 3:
                    var leaver = random.Next(open.Count);
                    fast.Close(open[leaver].Fast);
                    plain.Close(open[leaver].Plain);
                    open.RemoveAt(leaver);
                    break;
                default:
                    break;
            }

            var (quick, slow, wanted) = (new List<WriterInput>(), new List<WriterInput>(), 0);
            for (var i = 0; i < open.Count; i++)
            {
                if (random.Next(4) == 0 || open[i].Length > 50) continue;
                int[] ids = [.. Enumerable.Range(0, random.Next(2) == 0 ? 1 : random.Between(1, 12)).Select(_ => random.Next(20))];
                var asked = random.Next(ids.Length + 1);
                quick.Add(new WriterInput(open[i].Fast, ids, asked));
                slow.Add(new WriterInput(open[i].Plain, ids, asked));
                wanted += asked;
                open[i] = open[i] with { Length = open[i].Length + ids.Length };
            }

            if (quick.Count == 0) continue;
            fast.Read(quick);
            plain.Read(slow);
            if (wanted == 0) continue;
            fast.Predict(0, wanted);
            plain.Predict(0, wanted);
            for (var r = 0; r < wanted; r++)
            {
                var (expected, found) = (plain.Logits(r).ToArray(), fast.Logits(r).ToArray());
                for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 2e-5 * expected.Max(Math.Abs));
            }
        }
    }

    [Fact]
    public void Both_writers_read_through_an_adapter()
    {
        var adapter = _decoder.Attach(new LoraOptions { Rank = 3, Alpha = 6 }, seed: 2);
        foreach (var pair in adapter.Pairs) pair.B.Value.fill_(0.05);
        using IWriter fast = new CpuWriter(_decoder, 2), plain = new TorchWriter(_decoder);
        foreach (var writer in new[] { fast, plain })
        {
            writer.Read([new WriterInput(writer.Open(), new[] { 2, 5, 9, 4 }, 2)]);
            writer.Predict(0, 2);
        }

        for (var r = 0; r < 2; r++)
        {
            var (expected, found) = (plain.Logits(r).ToArray(), fast.Logits(r).ToArray());
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 2e-5 * expected.Max(Math.Abs));
        }
    }

    [Fact]
    public void A_newcomer_takes_the_place_of_the_one_that_left_and_the_others_go_on()
    {
        using var batch = new ContinuousBatch(new CpuWriter(_decoder, 1), 2);
        foreach (var (index, most) in new[] { (0, 2), (1, 6), (2, 3), (3, 1) }) batch.Add(Flight(index, [2, 5, index], most));
        var (order, flying) = (new List<int>(), new List<int>());
        while (batch.Count > 0)
        {
            batch.Step(f => order.Add(f.Index));
            flying.Add(batch.Flying);
        }

        // 0 leaves after the second step, 2 flies from the third to the fifth, 3 in the sixth, beside 1.
        Assert.Equal([0, 2, 1, 3], order);
        Assert.Equal([2, 1, 2, 2, 1, 0], flying);
    }

    [Fact]
    public void One_that_nobody_waits_for_gives_its_place_to_the_next()
    {
        using var batch = new ContinuousBatch(new CpuWriter(_decoder, 1), 1);
        var (first, second) = (Flight(0, [2, 5], 40), Flight(1, [2, 6], 2));
        batch.Add(first);
        batch.Add(second);
        batch.Step(_ => { });
        first.Abandoned = true;
        var landed = new List<int>();
        while (batch.Count > 0) batch.Step(f => landed.Add(f.Index));
        Assert.Equal([1], landed);
    }

    [Fact]
    public void A_beginning_that_another_in_flight_has_read_is_not_read_again()
    {
        int[] common = [.. Enumerable.Range(0, 45).Select(i => i % 20)];
        using var writer = new CpuWriter(_decoder, 1);
        using var batch = new ContinuousBatch(writer, 4);
        var found = new Dictionary<int, Generation>();
        for (var i = 0; i < 4; i++) batch.Add(Flight(i, [.. common, i, 3], 8));
        while (batch.Count > 0) batch.Step(f => found[f.Index] = f.Landed());
        Assert.Equal(3 * 45, batch.Shared);
        for (var i = 0; i < 4; i++)
        {
            var alone = Generator.Generate(_decoder, [[.. common, i, 3]], new GenerationOptions { MaxNewTokens = 8 }, cancellation: Stop)[0];
            Assert.Equal(alone.Ids, found[i].Ids);
            Assert.Equal(alone.LogProbabilities, found[i].LogProbabilities);
        }
    }

    [Fact]
    public void Likelihoods_have_the_same_bits_with_and_without_reading_the_prompt_once()
    {
        var random = new SeededRandom(2);
        int[] Some(int least, int most) => [.. Enumerable.Range(0, random.Between(least, most)).Select(_ => random.Next(20))];
        int[][] prompts = [Some(30, 40), Some(1, 1), Some(5, 9)];
        var asked = Enumerable.Range(0, 14).Select(i => ((IReadOnlyList<int>)[.. prompts[i % 3]], (IReadOnlyList<int>)Some(i % 5, 8))).ToList();
        var apart = Likelihood.PerToken(_decoder, asked, 64, share: false, Stop);
        foreach (var size in new[] { 1, 3, 64 }) Assert.Equal(apart, Likelihood.PerToken(_decoder, asked, size, share: true, Stop));
        using var engine = _decoder.CreateEngine();
        for (var i = 0; i < asked.Count; i++)
        {
            if (asked[i].Item2.Count == 0) continue;
            int[] ids = [.. asked[i].Item1, .. asked[i].Item2];
            var expected = engine.LogProbabilities(TokenBatch.Pack([(ids, [.. ids.Select((_, t) => t < asked[i].Item1.Count ? 0f : 1f)])], 20, 64));
            for (var t = 0; t < expected.Length; t++) Assert.Equal(expected[t], apart[i][t], 1e-4);
        }
    }

    public void Dispose() => _decoder.Dispose();

    private static Flight Flight(int index, int[] prompt, int most) => new(index, prompt, new GenerationOptions { MaxNewTokens = most }, 64, new SeededRandom(1));
}
