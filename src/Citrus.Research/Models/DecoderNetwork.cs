using Citrus.Research.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The decoder's forward pass in tensor operations, on any device, differentiable by libtorch.</summary>
internal sealed class DecoderNetwork : IDisposable
{
    private const float Never = -1e9f;

    private readonly DecoderConfig _config;
    private readonly Decoder _decoder;
    private readonly ComputePrecision _precision;
    private readonly Tensor _cosines, _sines;

    public DecoderNetwork(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32)
    {
        (_decoder, _config, _precision) = (decoder, decoder.Config, precision);
        var (n, half) = (_config.MaxPositions, _config.HeadSize / 2);
        var (cosines, sines) = RotaryTable.Angles(n, _config.HeadSize, _config.RopeTheta);
        using var scope = NewDisposeScope();
        var c = torch.tensor(cosines, [n, half]).to(decoder.Device);
        var s = torch.tensor(sines, [n, half]).to(decoder.Device);
        _cosines = cat([c, c], 1).DetachFromDisposeScope();
        _sines = cat([-s, s], 1).DetachFromDisposeScope();
    }

    public Tensor Head => _decoder.Parameters[_config.TiedEmbeddings ? 0 : _decoder.Parameters.Count - 1].Value;

    /// <summary>Mask for sequences that begin at the left edge: 0 where a query may look, -1e9 elsewhere, <c>[length, length]</c>.</summary>
    public Tensor CausalMask(int length) => full([length, length], ((double)Never).Held(), device: _decoder.Device).triu(1);

    /// <summary>Last hidden states, normed.</summary>
    /// <param name="ids">Token ids, <c>[batch, seq]</c>.</param>
    /// <param name="mask">Added to attention logits; broadcasts to <c>[batch, seq, cached + seq]</c>.</param>
    /// <param name="positions">Position of each token, <c>[batch, seq]</c>; null is 0, 1, 2 ... for each row.</param>
    /// <param name="cache">Keys and values of earlier tokens; the new ones are added.</param>
    /// <returns><c>[batch, seq, hidden]</c>.</returns>
    public Tensor Hidden(Tensor ids, Tensor mask, Tensor? positions = null, KeyValueCache? cache = null)
    {
        var (b, t) = (ids.shape[0], ids.shape[1]);
        var (d, heads, keys, size) = (_config.HiddenSize, _config.Heads, _config.KeyValueHeads, _config.HeadSize);
        // [b or 1, t, 1, size]: the same for every head.
        var cosines = (positions is null ? _cosines.narrow(0, 0, t).unsqueeze(0) : _cosines.index_select(0, positions.reshape(-1)).view(b, t, size)).unsqueeze(2);
        var sines = (positions is null ? _sines.narrow(0, 0, t).unsqueeze(0) : _sines.index_select(0, positions.reshape(-1)).view(b, t, size)).unsqueeze(2);
        var parameters = _decoder.Parameters;
        var x = parameters[0].Value.index_select(0, ids.reshape(-1));
        var at = 1;
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var (inputNorm, qkv, queryNorm, keyNorm) = (parameters[at].Value, parameters[at + 1].Value, parameters[at + 2].Value, parameters[at + 3].Value);
            var (output, postNorm, gateUp, down) = (parameters[at + 4].Value, parameters[at + 5].Value, parameters[at + 6].Value, parameters[at + 7].Value);
            at += 8;
            var heading = Linear(Norm(x, inputNorm), qkv).view(b, t, heads + 2 * keys, size);
            var gains = cat([queryNorm.unsqueeze(0).expand(heads, size), keyNorm.unsqueeze(0).expand(keys, size)]);
            var turning = Norm(heading.narrow(2, 0, heads + keys), gains);
            turning = (turning * cosines).Plus(turning.roll(size / 2, -1) * sines);
            var q = turning.narrow(2, 0, heads).transpose(1, 2);
            var k = turning.narrow(2, heads, keys).transpose(1, 2);
            var v = heading.narrow(2, heads + keys, keys).transpose(1, 2);
            if (cache is not null) (k, v) = cache.Append(layer, k, v);
            var y = Attend(q, k, v, mask).transpose(1, 2).reshape(b * t, heads * size);
            x = x.Plus(Linear(y, output));
            var inner = Linear(Norm(x, postNorm), gateUp);
            var f = _config.IntermediateSize;
            x = x.Plus(Linear(nn.functional.silu(inner.narrow(1, 0, f)) * inner.narrow(1, f, f), down));
        }

        cache?.Advance((int)t);
        return Norm(x, parameters[at].Value).view(b, t, d);
    }

    public void Dispose()
    {
        _cosines.Dispose();
        _sines.Dispose();
    }

    private Tensor Linear(Tensor x, Tensor weight) => _precision == ComputePrecision.Float32
        ? nn.functional.linear(x, weight)
        : nn.functional.linear(x.to(bfloat16), weight.to(bfloat16)).to(float32);

    private Tensor Norm(Tensor x, Tensor gain) => x * x.square().mean([-1], true).Plus(_config.NormEpsilon).rsqrt() * gain;

    /// <param name="q"><c>[batch, heads, seq, size]</c>; k and v <c>[batch, keyHeads, all, size]</c>.</param>
    private Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor mask)
    {
        var (b, h, t, size) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3]);
        var (groups, all) = (k.shape[1], k.shape[2]);
        // Query heads that share a key head lie next to each other: their rows go through one product.
        var logits = matmul((q * (1 / Math.Sqrt(size)).Held()).reshape(b, groups, h / groups * t, size), k.transpose(2, 3));
        var shaped = logits.view(b, h, t, all).Plus(mask.dim() == 3 ? mask.unsqueeze(1) : mask);
        return matmul(softmax(shaped, -1).view(b, groups, h / groups * t, all), v).view(b, h, t, size);
    }
}
