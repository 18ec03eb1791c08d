using Citrus.Research.Models;
using Citrus.Research.Tests.Models;
using Citrus.Research.Training;
using TorchSharp;

namespace Citrus.Research.Tests.Training;

/// <summary>Rows of which no token is learned.</summary>
public sealed class MaskedBatchTests
{
    [Theory, InlineData("fast"), InlineData("plain")]
    public void A_batch_of_nothing_but_masked_rows_has_no_loss_and_moves_nothing(string kind)
    {
        using var decoder = new Decoder(Tiny.Config, seed: 1);
        using IDecoderEngine engine = kind == "fast" ? decoder.CreateEngine() : new TorchEngine(decoder);
        using var scope = torch.NewDisposeScope();
        var batch = TokenBatch.Pack([(Ids: [2, 5, 6, 1], Weights: new float[4]), ([2, 7, 1], new float[3])], decoder.Config.VocabularySize, decoder.Config.MaxPositions);
        var loss = 0.0; // the engine may not even ask
        var gradients = engine.Gradients(batch, found =>
        {
            var slopes = new float[found.Length];
            loss = Losses.CrossEntropy(found, batch.Weights, slopes);
            return slopes;
        });
        Assert.Equal(0, loss);
        Assert.All(gradients, g => Assert.Equal(0, g.abs().sum().item<float>()));
    }

    [Theory, InlineData("fast"), InlineData("plain")]
    public void A_masked_row_changes_nothing_for_the_others(string kind)
    {
        using var decoder = new Decoder(Tiny.Config, seed: 1);
        using IDecoderEngine engine = kind == "fast" ? decoder.CreateEngine() : new TorchEngine(decoder);
        (float Loss, float[] Sums) Of(params (int[] Ids, float[] Weights)[] sequences)
        {
            using var scope = torch.NewDisposeScope();
            var batch = TokenBatch.Pack(sequences, decoder.Config.VocabularySize, decoder.Config.MaxPositions);
            var loss = double.NaN;
            var gradients = engine.Gradients(batch, found =>
            {
                var slopes = new float[found.Length];
                loss = Losses.CrossEntropy(found, batch.Weights, slopes);
                return slopes;
            });
            return ((float)loss, [.. gradients.Select(g => g.abs().sum().item<float>())]);
        }

        (int[], float[]) learned = ([2, 5, 6, 3, 5, 6, 1], [0, 0, 0, 0, 1, 1, 1]);
        var (alone, beside) = (Of(learned), Of(learned, ([2, 7, 8, 9, 1], new float[5])));
        Assert.Equal(alone.Loss, beside.Loss, 1e-5);
        for (var i = 0; i < alone.Sums.Length; i++) Assert.Equal(alone.Sums[i], beside.Sums[i], 1e-4 * Math.Max(1, alone.Sums[i]));
    }
}
