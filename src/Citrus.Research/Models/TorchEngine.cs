using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The engine that leaves derivatives to libtorch; runs on any device.</summary>
internal sealed class TorchEngine : IDecoderEngine
{
    private readonly Decoder _decoder;
    private readonly DecoderNetwork _network;

    public TorchEngine(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32) => (_decoder, _network) = (decoder, new DecoderNetwork(decoder, precision));

    public float[] LogProbabilities(TokenBatch batch)
    {
        if (batch.Rows.Length == 0) return [];
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return Predicted(batch).cpu().data<float>().ToArray();
    }

    public IReadOnlyList<Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope)
    {
        var weights = _decoder.Parameters.Select(p => p.Value).ToArray();
        if (batch.Rows.Length == 0) return weights.Select(w => zeros_like(w)).ToArray();
        foreach (var weight in weights) weight.requires_grad_(true);
        try
        {
            var found = Predicted(batch);
            var slopes = tensor(slope(found.detach().cpu().data<float>().ToArray())).to(_decoder.Device);
            return [.. autograd.grad([(found * slopes).sum()], weights)];
        }
        finally
        {
            foreach (var weight in weights) weight.requires_grad_(false);
        }
    }

    public void Dispose() => _network.Dispose();

    private Tensor Predicted(TokenBatch batch)
    {
        var (rows, width) = (batch.Sequences, batch.Longest);
        var ids = new long[rows * width];
        var at = new long[batch.Rows.Length];
        for (var s = 0; s < rows; s++)
        {
            for (var i = batch.Starts[s]; i < batch.Starts[s + 1]; i++) ids[s * width + i - batch.Starts[s]] = batch.Ids[i];
        }

        for (var i = 0; i < at.Length; i++) at[i] = batch.Owners[i] * (long)width + batch.Rows[i] - batch.Starts[batch.Owners[i]];
        var device = _decoder.Device;
        // Padding follows each sequence, so the causal mask keeps it out of sight.
        var hidden = _network.Hidden(tensor(ids, [rows, width]).to(device), _network.CausalMask(width)).view(-1, _decoder.Config.HiddenSize);
        var logits = nn.functional.linear(hidden.index_select(0, tensor(at).to(device)), _network.Head);
        var targets = tensor(Array.ConvertAll(batch.Targets, t => (long)t)).to(device);
        return nn.functional.log_softmax(logits, -1).gather(1, targets.unsqueeze(1)).squeeze(1);
    }
}
