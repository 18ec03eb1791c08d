using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>Keys and values of the tokens read so far, for every layer; rows are sequences in flight.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys, _values;

    public KeyValueCache(DecoderConfig config, int rows, int capacity, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor Empty() => zeros([rows, config.KeyValueHeads, capacity, config.HeadSize], float32, device).DetachFromDisposeScope();
        _keys = Enumerable.Range(0, config.Layers).Select(_ => Empty()).ToArray();
        _values = Enumerable.Range(0, config.Layers).Select(_ => Empty()).ToArray();
    }

    /// <summary>Tokens read so far.</summary>
    public int Length { get; private set; }

    /// <summary>Stores new keys and values, <c>[rows, keyHeads, new, size]</c>, and returns all of them.</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        var added = keys.shape[2];
        _keys[layer].narrow(2, Length, added).copy_(keys);
        _values[layer].narrow(2, Length, added).copy_(values);
        return (_keys[layer].narrow(2, 0, Length + added), _values[layer].narrow(2, 0, Length + added));
    }

    public void Advance(int tokens) => Length += tokens;

    /// <summary>Keeps the given rows, in that order.</summary>
    public void Keep(Tensor rows)
    {
        foreach (var store in new[] { _keys, _values })
        {
            for (var i = 0; i < store.Length; i++)
            {
                var kept = store[i].index_select(0, rows).DetachFromDisposeScope();
                store[i].Dispose();
                store[i] = kept;
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor.Dispose();
    }
}
