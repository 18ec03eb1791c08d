using Citrus.Research.Models;
using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class GeneratorTests : IDisposable
{
    private readonly Decoder _decoder = new(Tiny.Config, 4, new DecoderInitialisation { Head = 0.5, FeedForwardOut = 1 });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Cached_batched_writing_is_plain_rereading()
    {
        var prompts = Prompts();
        var endless = Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 12, BatchSize = 4 }, cancellation: Stop);
        // A token that some answers hold and others do not, so that rows leave the batch at different times.
        var stop = Enumerable.Range(0, 20).MinBy(id => Math.Abs(endless.Count(w => w.Ids.Contains(id)) - 5));
        var written = Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 12, BatchSize = 4, StopId = stop }, cancellation: Stop);
        for (var i = 0; i < prompts.Count; i++)
        {
            Assert.Equal(Plainly(prompts[i], 12, -1), endless[i].Ids);
            Assert.Equal(Plainly(prompts[i], 12, stop), written[i].Ids);
        }

        Assert.Contains(written, w => w.Stopped);
        Assert.Contains(written, w => !w.Stopped && w.Ids.Length == 12);
    }

    [Fact]
    public void An_answer_does_not_depend_on_its_neighbours()
    {
        var prompts = Prompts();
        foreach (var temperature in new[] { 0, 1.0 })
        {
            var options = new GenerationOptions { MaxNewTokens = 10, Temperature = temperature, Seed = 3, StopId = 7 };
            var together = Generator.Generate(_decoder, prompts, options, cancellation: Stop);
            var one = Generator.Generate(_decoder, prompts, options with { BatchSize = 1 }, cancellation: Stop);
            Assert.Equal(together.Select(w => string.Join(' ', w.Ids)), one.Select(w => string.Join(' ', w.Ids)));
        }
    }

    [Fact]
    public void An_answer_has_the_same_bits_in_any_batch_under_any_budget()
    {
        var prompts = Prompts();
        var options = new GenerationOptions { MaxNewTokens = 10, Temperature = 0.8, TopP = 0.9, Seed = 3, StopIds = [7, 11], BatchSize = 1 };
        var one = Generator.Generate(_decoder, prompts, options, cancellation: Stop);
        foreach (var other in new[] { options with { BatchSize = 3 }, options with { BatchSize = 64 }, options with { BatchSize = 64, CacheTokens = 40 }, options with { CacheTokens = 1 } })
        {
            var found = Generator.Generate(_decoder, prompts, other, cancellation: Stop);
            for (var i = 0; i < prompts.Count; i++)
            {
                Assert.Equal(one[i].Ids, found[i].Ids);
                Assert.Equal(one[i].LogProbabilities, found[i].LogProbabilities);
                Assert.Equal(one[i].LogProbability, found[i].LogProbability);
            }
        }
    }

    [Fact]
    public void Several_tokens_can_end_an_answer_and_it_says_why_it_ended()
    {
        var prompts = Prompts();
        var endless = Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 12 }, cancellation: Stop);
        int[] stops = [endless[0].Ids[3], endless[1].Ids[5]];
        var written = Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 12, StopIds = stops }, cancellation: Stop);
        for (var i = 0; i < prompts.Count; i++)
        {
            Assert.Equal(endless[i].Ids.TakeWhile(id => !stops.Contains(id)), written[i].Ids);
            Assert.Equal(written[i].Ids.Length < 12 ? GenerationEnd.StopToken : GenerationEnd.Length, written[i].End);
            Assert.Equal(written[i].End == GenerationEnd.StopToken, written[i].Stopped);
        }
    }

    [Fact]
    public void Each_answer_is_handed_over_as_soon_as_it_is_finished()
    {
        var (landed, counts) = (new Dictionary<int, Generation>(), new List<int>());
        var written = Generator.Generate(_decoder, Prompts(), new GenerationOptions { MaxNewTokens = 6, BatchSize = 3 }, counts.Add, Stop, landed.Add);
        Assert.Equal(Enumerable.Range(1, 10), counts);
        Assert.Equal(written, Enumerable.Range(0, 10).Select(i => landed[i]));
    }

    [Fact]
    public void What_needs_a_tokenizer_is_refused_without_one()
    {
        Assert.Contains("tokenizer", Assert.Throws<ArgumentException>(() => Generator.Generate(_decoder, [[2]], new GenerationOptions { StopTexts = ["x"] }, cancellation: Stop)).Message);
        Assert.Contains("tokenizer", Assert.Throws<ArgumentException>(() => Generator.Generate(_decoder, [[2]], new GenerationOptions { MaxThinkingTokens = 3 }, cancellation: Stop)).Message);
    }

    [Fact]
    public void Sampling_repeats_for_a_seed_and_follows_the_probabilities()
    {
        var prompts = Enumerable.Repeat<IReadOnlyList<int>>([2, 9, 4], 3000).ToList();
        int[] Draw(long seed) => [.. Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 1, Temperature = 0.7, Seed = seed, BatchSize = 500 }, cancellation: Stop).Select(w => w.Ids[0])];
        var first = Draw(1);
        Assert.Equal(first, Draw(1));
        Assert.NotEqual(first, Draw(2));
        var likely = Likelihood.PerToken(_decoder, [.. Enumerable.Range(0, 20).Select(i => (prompts[0], (IReadOnlyList<int>)[i]))], cancellation: Stop).Select(l => Math.Exp(l[0] / 0.7)).ToArray();
        for (var id = 0; id < 20; id++)
        {
            var p = likely[id] / likely.Sum();
            // Five standard errors of a share of 3000.
            Assert.InRange(first.Count(x => x == id) / 3000.0, p - 5 * Math.Sqrt(p / 3000) - 0.002, p + 5 * Math.Sqrt(p / 3000) + 0.002);
        }
    }

    [Fact]
    public void The_reported_log_probability_is_the_likelihood_of_what_was_written()
    {
        var prompts = Prompts();
        var written = Generator.Generate(_decoder, prompts, new GenerationOptions { MaxNewTokens = 8, StopId = 7 }, cancellation: Stop);
        var scored = Likelihood.PerToken(_decoder, [.. prompts.Zip(written, (p, w) => (p, (IReadOnlyList<int>)(w.Stopped ? [.. w.Ids, 7] : w.Ids)))], batchSize: 3, Stop);
        for (var i = 0; i < prompts.Count; i++) Assert.Equal(written[i].LogProbability, scored[i].Sum(x => (double)x), 1e-3);
    }

    [Fact]
    public void Writing_ends_where_the_model_can_read_no_further()
    {
        var answer = Generator.Generate(_decoder, [Enumerable.Repeat(5, 60).ToArray()], new GenerationOptions { MaxNewTokens = 50 }, cancellation: Stop)[0];
        Assert.Equal(4, answer.Ids.Length);
        Assert.False(answer.Stopped);
        Assert.Contains("no room", Assert.Throws<ArgumentException>(() => Generator.Generate(_decoder, [new int[64]], new GenerationOptions(), cancellation: Stop)).Message);
        Assert.Contains("token id 20", Assert.Throws<ArgumentException>(() => Generator.Generate(_decoder, [[20]], new GenerationOptions(), cancellation: Stop)).Message);
        Assert.Empty(Generator.Generate(_decoder, [], new GenerationOptions(), cancellation: Stop));
    }

    public void Dispose() => _decoder.Dispose();

    private static List<IReadOnlyList<int>> Prompts()
    {
        var random = new SeededRandom(11);
        return [.. Enumerable.Range(0, 10).Select(_ => Enumerable.Range(0, random.Between(1, 20)).Select(_ => random.Next(20)).ToArray())];
    }

    private int[] Plainly(IReadOnlyList<int> prompt, int most, int stop)
    {
        using var network = new DecoderNetwork(_decoder);
        var ids = prompt.ToList();
        for (var i = 0; i < most; i++)
        {
            using var scope = torch.NewDisposeScope();
            var hidden = network.Hidden(torch.tensor(ids.Select(x => (long)x).ToArray(), [1, ids.Count]), network.CausalMask(ids.Count));
            var next = (int)torch.nn.functional.linear(hidden.select(1, ids.Count - 1), network.Head).argmax().item<long>();
            if (next == stop) break;
            ids.Add(next);
        }

        return [.. ids.Skip(prompt.Count)];
    }
}
