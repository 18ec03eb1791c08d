using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The decoder's forward pass in tensor operations, on any device, differentiable by libtorch.</summary>
/// <remarks>The four families differ in biases, norms of queries and keys, and windows, as Transformers' modeling files of llama, mistral, qwen2 and qwen3 define them.</remarks>
internal sealed class DecoderNetwork : IDisposable
{
    private const float Never = -1e9f;

    private readonly DecoderConfig _config;
    private readonly Decoder _decoder;
    private readonly DecoderLayout _layout;
    private readonly ComputePrecision _precision;
    private readonly ILookup<int, LoraPair> _adapted;
    private readonly double _scale;
    private Tensor? _cosines, _sines, _head;

    public DecoderNetwork(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32)
    {
        (_decoder, _config, _layout) = (decoder, decoder.Config, new DecoderLayout(decoder.Config));
        _precision = decoder.WeightType == ScalarType.Float32 ? precision : ComputePrecision.Float32;
        _adapted = (decoder.Adapter?.Pairs ?? []).OrderBy(p => p.FirstRow).ToLookup(p => p.Parameter);
        _scale = decoder.Adapter?.Scale ?? 0;
    }

    public DecoderLayout Layout => _layout;

    /// <summary>Weights of the output layer with an adapter's update, <c>[vocab, hidden]</c>; without derivatives.</summary>
    public Tensor Head
    {
        get
        {
            var weights = _decoder.Parameters[_layout.Head].Value;
            if (_adapted[_layout.Head].FirstOrDefault() is not { } pair) return weights;
            if (_head is not null) return _head;
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            return _head = weights.to(float32).Plus(pair.B.Value.to(float32).mm(pair.A.Value.to(float32)) * _scale.Held()).to(weights.dtype).DetachFromDisposeScope();
        }
    }

    /// <summary>Has <see cref="Head"/> look at the adapter again.</summary>
    public void Refresh()
    {
        _head?.Dispose();
        _head = null;
    }

    /// <summary>Mask for sequences that begin at the left edge: 0 where a query may look, -1e9 elsewhere, <c>[length, length]</c>.</summary>
    public Tensor CausalMask(int length) => full([length, length], ((double)Never).Held(), device: _decoder.Device).triu(1);

    /// <summary>Last hidden states, normed.</summary>
    /// <param name="ids">Token ids, <c>[batch, seq]</c>.</param>
    /// <param name="mask">Added to attention logits; broadcasts to <c>[batch, seq, seq]</c>.</param>
    /// <param name="positions">Position of each token, <c>[batch, seq]</c>; null is 0, 1, 2 ... for each row.</param>
    /// <returns><c>[batch, seq, hidden]</c>.</returns>
    public Tensor Hidden(Tensor ids, Tensor mask, Tensor? positions = null)
    {
        var (b, t, size) = (ids.shape[0], ids.shape[1], _config.HeadSize);
        var all = (int)t;
        positions ??= arange(t, device: _decoder.Device).expand(b, t);
        var turns = Turns(positions.reshape(-1), all);
        var x = Embed(ids.reshape(-1));
        var typed = (mask.dim() == 3 ? mask.unsqueeze(1) : mask).to(_decoder.WeightType);
        for (var layer = 0; layer < _config.Layers; layer++) x = Block(layer, x, turns, Attend);
        return Top(x).view(b, t, -1);

        Tensor Attend(int layer, Tensor q, Tensor k, Tensor v)
        {
            Tensor Rows(Tensor x) => x.view(b, t, x.shape[1], size).transpose(1, 2);
            (q, k, v) = (Rows(q), Rows(k), Rows(v));
            var window = _layout.Layers[layer].Window;
            var seen = all <= window ? typed : typed.Plus(full([t, all], ((double)Never).Held(), dtype: _decoder.WeightType, device: _decoder.Device).tril(all - t - window));
            return TorchScript.Attend(q, k.to(q.dtype), v.to(q.dtype), seen).transpose(1, 2).reshape(b * t, -1);
        }
    }

    /// <summary>Embeddings of token ids <c>[tokens]</c>: <c>[tokens, hidden]</c>.</summary>
    public Tensor Embed(Tensor ids) => _decoder.Parameters[DecoderLayout.Embedding].Value.index_select(0, ids);

    /// <summary>Cosines and sines for tokens at the given positions, <c>[tokens, 1, size]</c>: the same for every head.</summary>
    /// <param name="longest">Above every position.</param>
    public (Tensor Cosines, Tensor Sines) Turns(Tensor positions, int longest)
    {
        if (_cosines is null || _cosines.shape[0] < longest) Tabulate(longest);
        Tensor Of(Tensor table) => table.index_select(0, positions).to(_decoder.WeightType).unsqueeze(1);
        return (Of(_cosines!), Of(_sines!));
    }

    /// <summary>One block.</summary>
    /// <param name="x"><c>[tokens, hidden]</c>.</param>
    /// <param name="attend">From layer, queries <c>[tokens, heads, size]</c>, keys and values to <c>[tokens, heads * size]</c>.</param>
    /// <param name="rows">Tokens that are needed above; null is all.</param>
    public Tensor Block(int layer, Tensor x, (Tensor Cosines, Tensor Sines) turns, Func<int, Tensor, Tensor, Tensor, Tensor> attend, Tensor? rows = null)
    {
        var (at, heads, keys, size, f) = (_layout.Layers[layer], _config.Heads, _config.KeyValueHeads, _config.HeadSize, _config.IntermediateSize);
        var heading = Linear(Norm(x, at.InputNorm), at.QueryKeyValue, at.QueryKeyValueBias).view(-1, heads + 2 * keys, size);
        var turning = heading.narrow(1, 0, heads + keys);
        if (at.QueryNorm >= 0)
        {
            var gains = cat([Value(at.QueryNorm).unsqueeze(0).expand(heads, size), Value(at.KeyNorm).unsqueeze(0).expand(keys, size)]);
            turning = TorchScript.Norm(turning, null, _config.NormEpsilon) * gains;
        }

        turning = (turning * turns.Cosines).addcmul(turning.roll(size / 2, -1), turns.Sines, 1.0.Held());
        var y = attend(layer, turning.narrow(1, 0, heads), turning.narrow(1, heads, keys), heading.narrow(1, heads + keys, keys));
        if (rows is not null) (x, y) = (x.index_select(0, rows), y.index_select(0, rows));
        x = x.Plus(Linear(y, at.Output));
        var inner = Linear(Norm(x, at.PostNorm), at.GateUp);
        return x.Plus(Linear(nn.functional.silu(inner.narrow(1, 0, f)) * inner.narrow(1, f, f), at.Down));
    }

    /// <summary>The last norm.</summary>
    public Tensor Top(Tensor x) => Norm(x, _layout.FinalNorm);

    public void Dispose()
    {
        foreach (var table in (Tensor?[])[_cosines, _sines, _head]) table?.Dispose();
    }

    private Tensor Value(int parameter) => _decoder.Parameters[parameter].Value;

    private Tensor Norm(Tensor x, int gain) => TorchScript.Norm(x, Value(gain), _config.NormEpsilon);

    private Tensor Linear(Tensor x, int weight, int bias = -1)
    {
        var shift = bias < 0 ? null : Value(bias);
        var y = _precision == ComputePrecision.Float32
            ? nn.functional.linear(x, Value(weight), shift)
            : nn.functional.linear(x.to(bfloat16), Value(weight).to(bfloat16)).to(float32);
        if (_precision != ComputePrecision.Float32 && shift is not null) y = y.Plus(shift);
        return _adapted.Contains(weight) ? y.add(Update(x, weight), _scale.Held()) : y;
    }

    /// <summary>What the adapter adds to a linear layer, or to several that are one tensor, before it is scaled.</summary>
    private Tensor Update(Tensor x, int weight)
    {
        var pairs = _adapted[weight].ToArray();
        var low = nn.functional.linear(x, (pairs.Length == 1 ? pairs[0].A.Value : cat(pairs.Select(p => p.A.Value).ToArray())).to(x.dtype));
        var (parts, row, rank) = (new List<Tensor>(), 0, 0L);
        foreach (var pair in pairs)
        {
            if (pair.FirstRow > row) parts.Add(zeros([x.shape[0], pair.FirstRow - row], x.dtype, x.device));
            parts.Add(nn.functional.linear(low.narrow(1, rank, pair.A.Value.shape[0]), pair.B.Value.to(x.dtype)));
            (row, rank) = (pair.FirstRow + pair.Rows, rank + pair.A.Value.shape[0]);
        }

        if (Value(weight).shape[0] is var rows && rows > row) parts.Add(zeros([x.shape[0], rows - row], x.dtype, x.device));
        return parts.Count == 1 ? parts[0] : cat(parts, 1);
    }

    /// <summary>Tables for so many positions and some more, so that a growing cache does not make one each step.</summary>
    private void Tabulate(int longest)
    {
        var n = Math.Max(longest, Math.Min(_config.MaxPositions, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(longest, 1024))));
        var (cosines, sines) = RotaryTable.Angles(n, _config.HeadSize, _config.RopeTheta, _config.RopeScaling);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var c = tensor(cosines, [n, _config.HeadSize / 2]).to(_decoder.Device);
        var s = tensor(sines, [n, _config.HeadSize / 2]).to(_decoder.Device);
        _cosines?.Dispose();
        _sines?.Dispose();
        _cosines = cat([c, c], 1).DetachFromDisposeScope();
        _sines = cat([-s, s], 1).DetachFromDisposeScope();
    }
}
