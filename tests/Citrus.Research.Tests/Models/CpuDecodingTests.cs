using Citrus.Research.Models;
using Citrus.Research.Questions;
using TorchSharp;

namespace Citrus.Research.Tests.Models;

public sealed class CpuDecodingTests
{
    public static TheoryData<string> Shapes => [.. All.Keys];

    private static Dictionary<string, DecoderConfig> All { get; } = new()
    {
        ["grouped"] = Tiny.Config,
        ["tied"] = Tiny.Config with { TiedEmbeddings = true },
        ["odd sizes"] = Tiny.Config with { VocabularySize = 37, HiddenSize = 30, IntermediateSize = 21, Heads = 3, KeyValueHeads = 3, HeadSize = 6, Layers = 3 },
        ["one key head"] = Tiny.Config with { Heads = 6, KeyValueHeads = 1, HeadSize = 16, RopeTheta = 100 },
        ["wide heads"] = Tiny.Config with { Heads = 2, KeyValueHeads = 2, HeadSize = 40, HiddenSize = 64 },
        ["very wide heads"] = Tiny.Config with { Heads = 2, KeyValueHeads = 1, HeadSize = 144, HiddenSize = 64 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void It_sees_the_logits_that_tensor_operations_give(string shape)
    {
        using var decoder = Made(All[shape]);
        using var reader = new CpuDecoding(decoder);
        using var network = new DecoderNetwork(decoder);
        foreach (var length in new[] { 1, 2, 15, 16, 17, 40, 63 })
        {
            var ids = Ids(decoder, length, length);
            using var scope = torch.NewDisposeScope();
            var hidden = network.Hidden(torch.tensor(ids.Select(x => (long)x).ToArray(), [1, length]), network.CausalMask(length));
            var expected = torch.nn.functional.linear(hidden, network.Head).data<float>().ToArray();
            var found = Logits(reader, ids, length);
            Assert.Equal(expected.Length, found.Length);
            var most = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 2e-5 * most);
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_sequence_has_the_same_bits_alone_in_company_in_pieces_and_on_any_number_of_threads(string shape)
    {
        using var decoder = Made(All[shape]);
        using var one = new CpuDecoding(decoder, threads: 1);
        using var reader = new CpuDecoding(decoder, threads: 3);
        var sequences = Enumerable.Range(0, 7).Select(i => Ids(decoder, 5 + 8 * i, i)).ToList();
        var alone = sequences.Select(s => Logits(one, s, 1)).ToList();

        // All at once.
        var open = sequences.Select(_ => reader.Open()).ToList();
        reader.Read([.. sequences.Zip(open, (s, o) => new CpuInput(o, s, 1))]);
        for (var i = 0; i < sequences.Count; i++) Assert.Equal(alone[i], Take(reader, i, 1));
        foreach (var o in open) o.Dispose();

        // Token by token beside each other, of different lengths.
        open = [.. sequences.Select(_ => reader.Open())];
        for (var t = 0; t < sequences.Max(s => s.Length); t++)
        {
            var left = Enumerable.Range(0, sequences.Count).Where(i => t < sequences[i].Length).ToList();
            reader.Read([.. left.Select(i => new CpuInput(open[i], sequences[i].AsMemory(t, 1), 1))]);
            for (var r = 0; r < left.Count; r++) if (t + 1 == sequences[left[r]].Length) Assert.Equal(alone[left[r]], Take(reader, r, 1));
        }

        // After a beginning that is shared.
        using var beginning = reader.Open();
        reader.Read([new CpuInput(beginning, sequences[6].AsMemory(0, 20), 0)]);
        using CpuSequence other = beginning.Fork(13), same = beginning.Fork(20);
        reader.Read([new CpuInput(other, sequences[5].AsMemory(0, 9), 1), new CpuInput(same, sequences[6].AsMemory(20), 1)]);
        Assert.Equal(alone[6], Take(reader, 1, 1));
    }

    [Fact]
    public void Pages_go_back_when_nobody_holds_them()
    {
        using var decoder = Made(Tiny.Config);
        using var reader = new CpuDecoding(decoder);
        var first = reader.Open();
        reader.Read([new CpuInput(first, Ids(decoder, 20, 1), 0)]);
        Assert.Equal(2, reader.Pages.Held);
        var second = first.Fork(20);
        Assert.Equal(2, reader.Pages.Held);
        reader.Read([new CpuInput(second, Ids(decoder, 1, 1), 0)]); // the second page is no longer the same
        Assert.Equal(3, reader.Pages.Held);
        first.Dispose();
        Assert.Equal(2, reader.Pages.Held);
        second.Dispose();
        Assert.Equal(0, reader.Pages.Held);
    }

    [Fact]
    public void Long_texts_pass_in_slices_with_the_same_bits()
    {
        using var decoder = Made(Tiny.Config with { MaxPositions = 2000 });
        using var reader = new CpuDecoding(decoder, threads: 2);
        var ids = Ids(decoder, 1300, 5);
        var whole = Logits(reader, ids, 3);
        using var sequence = reader.Open();
        foreach (var piece in ids.Chunk(97)) reader.Read([new CpuInput(sequence, piece, Math.Min(3, piece.Length))]);
        Assert.Equal(whole, Take(reader, 0, 3));
    }

    private static Decoder Made(DecoderConfig config) => new(config, 3, new DecoderInitialisation { Head = 0.2, FeedForwardOut = 1, TiedEmbedding = 0.3 });

    private static int[] Ids(Decoder decoder, int count, long seed)
    {
        var random = SeededRandom.For(seed, "ids");
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(decoder.Config.VocabularySize))];
    }

    private static float[] Logits(CpuDecoding reader, int[] ids, int wanted)
    {
        using var sequence = reader.Open();
        reader.Read([new CpuInput(sequence, ids, wanted)]);
        return Take(reader, 0, wanted);
    }

    private static float[] Take(CpuDecoding reader, int first, int count)
    {
        reader.Predict(first, count);
        return [.. Enumerable.Range(0, count).SelectMany(r => reader.Logits(r).ToArray())];
    }
}
