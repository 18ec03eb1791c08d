using Citrus.Research.Models;
using Citrus.Research.Questions;
using CsCheck;

namespace Citrus.Research.Tests.Models;

public sealed class TokenSamplerTests
{
    // Hundredths, so that some are equal and the others differ by more than rounding.
    private static readonly Gen<float[]> Logits = Gen.Int[-600, 600].Select(i => i / 100f).Array[2, 60];

    private static readonly Gen<GenerationOptions> Options = Gen.Select(Gen.Double[0.2, 2], Gen.Int[0, 12], Gen.Double[0.05, 1], Gen.Double[0, 0.6])
        .Select((t, k, p, m) => new GenerationOptions { Temperature = t, TopK = k, TopP = p, MinP = m });

    [Fact]
    public void The_filters_leave_what_their_definitions_say() => Gen.Select(Logits, Options).Sample((logits, options) =>
    {
        Assert.Equal(ByDefinition(logits, options).Select(x => x.Id), new TokenSampler().Left(logits, options));
    });

    [Fact]
    public void Top_p_keeps_the_smallest_set_that_holds_the_mass() => Gen.Select(Logits, Gen.Double[0.05, 0.999]).Sample((logits, p) =>
    {
        var all = Softmax(logits, 1);
        var kept = new TokenSampler().Left(logits, new GenerationOptions { Temperature = 1, TopP = p });
        Assert.True(kept.Sum(i => all[i]) >= p - 1e-9);
        Assert.True(kept.SkipLast(1).Sum(i => all[i]) < p + 1e-9);
        Assert.True(kept.Length == logits.Length || kept.Min(i => all[i]) >= Enumerable.Range(0, logits.Length).Except(kept).Max(i => all[i]));
    });

    [Theory]
    [InlineData(1.0, 0, 1.0, 0.0)]
    [InlineData(0.6, 0, 1.0, 0.0)]
    [InlineData(1.3, 5, 1.0, 0.0)]
    [InlineData(1.0, 0, 0.7, 0.0)]
    [InlineData(0.9, 8, 0.8, 0.05)]
    [InlineData(1.5, 0, 1.0, 0.2)]
    public void Draws_follow_the_filtered_probabilities(double temperature, int topK, double topP, double minP)
    {
        const int draws = 20_000;
        var random = new SeededRandom(4);
        float[] logits = [.. Enumerable.Range(0, 24).Select(i => (float)(Math.Sin(i * 1.7) * 2))];
        var options = new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP };
        var (sampler, counts) = (new TokenSampler(), new int[24]);
        for (var i = 0; i < draws; i++) counts[sampler.Choose(logits, options, random)]++;
        var expected = ByDefinition(logits, options).ToDictionary(x => x.Id, x => x.P);
        for (var id = 0; id < 24; id++)
        {
            var p = expected.GetValueOrDefault(id);
            // Five standard errors; nothing at all of what was filtered out.
            Assert.InRange(counts[id] / (double)draws, p - 5 * Math.Sqrt(p / draws), p + 5 * Math.Sqrt(p / draws));
        }
    }

    [Fact]
    public void Greedy_takes_the_smaller_id_of_equals_and_needs_no_randomness()
    {
        var sampler = new TokenSampler();
        Assert.Equal(2, sampler.Choose([1, 0, 5, 5, 4, 5], new GenerationOptions { TopK = 3, MinP = 0.5 }, null!));
        Assert.Equal([2, 3], sampler.Left([1, 0, 5, 5, 4, 5], new GenerationOptions { Temperature = 1, TopK = 2 }));
    }

    [Fact]
    public void One_token_left_is_that_token_at_any_temperature()
    {
        float[] logits = [.. Enumerable.Range(0, 40).Select(i => i == 17 ? 3f : i / 40f)];
        foreach (var options in new[] { new GenerationOptions { Temperature = 5, TopK = 1 }, new GenerationOptions { Temperature = 5, TopP = 1e-6 }, new GenerationOptions { Temperature = 1, MinP = 1 } })
            Assert.Equal(17, new TokenSampler().Choose(logits, options, new SeededRandom(1)));
    }

    [Fact]
    public void Log_probabilities_are_those_of_a_plain_softmax() => Logits.Sample(logits =>
    {
        for (var id = 0; id < logits.Length; id += 7) Assert.Equal(Math.Log(Softmax(logits, 1)[id]), TokenSampler.LogProbability(logits, id), 1e-5);
    });

    [Fact]
    public void What_is_no_number_is_told()
    {
        Assert.Contains("not a number", Assert.Throws<InvalidOperationException>(() => new TokenSampler().Choose([1, float.NaN, 2], new GenerationOptions(), null!)).Message);
        Assert.Contains("TopP", Assert.Throws<ArgumentException>(() => new GenerationOptions { TopP = 0 }.Validate()).Message);
        Assert.Contains("MinP", Assert.Throws<ArgumentException>(() => new GenerationOptions { MinP = 1.5 }.Validate()).Message);
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        var weights = logits.Select(l => Math.Exp((l - logits.Max()) / temperature)).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }

    /// <summary>The filters one after the other, each over the renormalised rest, as Transformers' processors do it.</summary>
    private static List<(int Id, double P)> ByDefinition(float[] logits, GenerationOptions options)
    {
        List<(int Id, double P)> Normal(IEnumerable<(int Id, double P)> some)
        {
            var list = some.ToList();
            return [.. list.Select(x => (x.Id, x.P / list.Sum(y => y.P)))];
        }

        var left = Softmax(logits, options.Temperature).Select((p, i) => (Id: i, P: p)).OrderByDescending(x => x.P).ThenBy(x => x.Id).ToList();
        if (options.TopK > 0) left = Normal(left.Take(options.TopK));
        var mass = 0.0;
        left = Normal(left.TakeWhile(x =>
        {
            var take = mass < options.TopP;
            mass += x.P;
            return take;
        }));
        return Normal(left.Where(x => x.P >= options.MinP * left[0].P));
    }
}
