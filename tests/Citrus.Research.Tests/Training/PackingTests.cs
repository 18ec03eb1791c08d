using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;
using CsCheck;
using TorchSharp;

namespace Citrus.Research.Tests.Training;

public sealed class PackingTests
{
    private const int Budget = 64;

    private static readonly Gen<int[]> Lengths = Gen.Int[1, Budget].Array[0, 120];

    [Fact]
    public void Every_sequence_is_in_one_bin_and_no_bin_overflows() => Lengths.Sample(lengths =>
    {
        var bins = Packing.BestFit(lengths, Budget);
        Assert.Equal(Enumerable.Range(0, lengths.Length), bins.SelectMany(b => b).Order());
        Assert.All(bins, b => Assert.InRange(b.Sum(i => lengths[i]), 1, Budget));
    }, iter: 200);

    [Fact]
    public void Bins_are_never_more_than_the_bound_of_first_fit_decreasing() => Lengths.Sample(lengths =>
    {
        // Dosa 2007: FFD needs at most 11/9 OPT + 6/9 bins; OPT is at least the tokens, and the sequences of more than half a bin, say.
        var least = Math.Max((lengths.Sum() + Budget - 1) / Budget, lengths.Count(l => 2 * l > Budget));
        var bins = Packing.BestFit(lengths, Budget).Count;
        Assert.InRange(bins, least, Math.Max(FirstFitDecreasing(lengths), (11 * least / 9.0) + (6 / 9.0)));
        Assert.InRange(Packing.Utilisation(lengths, bins, Budget), 0, 1);
    }, iter: 200);

    [Fact]
    public void The_tightest_bin_that_fits_is_taken_and_the_order_of_equals_is_kept() =>
        Assert.Equal(["0,4", "1,3", "2"], Packing.BestFit([7, 6, 5, 4, 3], 10).Select(b => string.Join(',', b)));

    [Fact]
    public void Many_sequences_take_no_time() =>
        Assert.True(Packing.BestFit([.. Enumerable.Range(0, 50_000).Select(i => 1 + (i * 7919 % 4000))], 4096).Count < 26_000);

    [Fact]
    public void A_sequence_longer_than_a_bin_is_refused_with_its_place() =>
        Assert.Contains("Sequence 1 has 9", Assert.Throws<ArgumentException>(() => Packing.BestFit([3, 9], 8)).Message);

    [Theory, InlineData("fast"), InlineData("plain")]
    public void What_shares_a_bin_is_read_as_if_alone(string kind)
    {
        using var decoder = new Decoder(Tiny.Config, seed: 3);
        using IDecoderEngine engine = kind == "fast" ? decoder.CreateEngine() : new TorchEngine(decoder);
        var sequences = Tiny.Copying(12, 5).Select(s => (s.Ids, Weights: s.Ids.Select(_ => 1f).ToArray())).ToList();
        foreach (var bin in Packing.BestFit([.. sequences.Select(s => s.Ids.Length - 1)], 40))
        {
            using var scope = torch.NewDisposeScope();
            var batch = TokenBatch.Pack([.. bin.Select(i => sequences[i])], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
            var together = engine.LogProbabilities(batch);
            var at = 0;
            foreach (var i in bin)
                foreach (var alone in engine.LogProbabilities(TokenBatch.Pack([sequences[i]], decoder.Config.VocabularySize, decoder.Config.MaxPositions))) Assert.Equal(alone, together[at++], 1e-5);
            Assert.Equal(at, together.Length);
        }
    }

    private static int FirstFitDecreasing(int[] lengths)
    {
        var rooms = new List<int>();
        foreach (var length in lengths.OrderDescending())
        {
            var fits = rooms.FindIndex(r => r >= length);
            if (fits < 0) (fits, rooms) = (rooms.Count, [.. rooms, Budget]);
            rooms[fits] -= length;
        }

        return rooms.Count;
    }
}
