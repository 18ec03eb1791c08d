using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>Keys and values in tensors with a row for each text in flight, every row with a length of its own. A pass covers a run of rows, or all of them by one token.</summary>
/// <remarks>What lies behind a row's length is rubbish: a pass masks it, and the row overwrites it as it grows.</remarks>
internal sealed class KeyValueCache(DecoderConfig config, Device device) : IDisposable
{
    private readonly Tensor?[] _keys = new Tensor?[config.Layers], _values = new Tensor?[config.Layers];
    private readonly List<int> _lengths = [];
    private int _rows, _capacity, _first, _count, _past;
    private Tensor? _places, _rowNumbers;
    private int _width;

    /// <summary>Tokens read of each row.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>A new row behind the others.</summary>
    public int Add()
    {
        _lengths.Add(0);
        return _lengths.Count - 1;
    }

    /// <summary>Takes a row out; the last one moves to its place.</summary>
    public void Remove(int row)
    {
        var last = _lengths.Count - 1;
        if (row != last) Copy(last, row, _lengths[last]);
        _lengths.RemoveAt(last);
    }

    /// <summary>Makes a row begin with the first tokens of another.</summary>
    public void Copy(int from, int to, int tokens)
    {
        if (tokens > 0)
        {
            Reserve(_lengths.Count, tokens);
            using var scope = NewDisposeScope();
            foreach (var store in new[] { _keys, _values })
            {
                for (var layer = 0; layer < store.Length; layer++)
                {
                    if (store[layer] is null) continue;
                    var kept = store[layer] = Fit(store[layer]!);
                    kept.select(0, to).narrow(1, 0, tokens).copy_(kept.select(0, from).narrow(1, 0, tokens));
                }
            }
        }

        _lengths[to] = tokens;
    }

    /// <summary>Begins a pass that adds as many tokens to each row of a run, all of which have read as many.</summary>
    public void BeginRun(int first, int count, int added)
    {
        (_first, _count, _past, _places) = (first, count, _lengths[first], null);
        Reserve(_lengths.Count, _past + added);
    }

    /// <summary>Begins a pass that adds one token to every row.</summary>
    /// <param name="rows">0, 1, 2 ... on the device.</param>
    /// <param name="places">Each row's length, on the device.</param>
    public void BeginStep(Tensor rows, Tensor places)
    {
        (_first, _count, _places, _width) = (0, _lengths.Count, places, _lengths.Max() + 1);
        _rowNumbers = rows;
        Reserve(_lengths.Count, _width);
    }

    /// <summary>Stores new keys and values, <c>[rows, keyHeads, new, size]</c>, and returns all of the pass's rows.</summary>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        Tensor Put(Tensor?[] store, Tensor added)
        {
            var kept = store[layer] = store[layer] is { } old ? Fit(old) : Empty(added.dtype);
            if (_places is not null)
            {
                kept.index_put_(added.squeeze(2), TensorIndex.Tensor(_rowNumbers!), TensorIndex.Colon, TensorIndex.Tensor(_places));
                return kept.narrow(0, 0, _count).narrow(2, 0, _width);
            }

            var run = kept.narrow(0, _first, _count);
            run.narrow(2, _past, added.shape[2]).copy_(added);
            return run.narrow(2, 0, _past + added.shape[2]);
        }

        return (Put(_keys, keys), Put(_values, values));
    }

    /// <summary>Ends a run's pass: its rows have read so many tokens more. After a step whoever knows which rows took part says so.</summary>
    public void Advance(int tokens)
    {
        if (_places is not null) return;
        for (var r = _first; r < _first + _count; r++) _lengths[r] += tokens;
    }

    /// <summary>Counts tokens that a row has read.</summary>
    public void Advance(int row, int tokens) => _lengths[row] += tokens;

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values)) tensor?.Dispose();
    }

    private Tensor Empty(ScalarType type) => zeros([_rows, config.KeyValueHeads, _capacity, config.HeadSize], type, device).DetachFromDisposeScope();

    /// <summary>The tensor with room for what was reserved.</summary>
    private Tensor Fit(Tensor old)
    {
        if (old.shape[0] >= _rows && old.shape[2] >= _capacity) return old;
        var grown = Empty(old.dtype);
        using var scope = NewDisposeScope();
        grown.narrow(0, 0, old.shape[0]).narrow(2, 0, old.shape[2]).copy_(old);
        old.Dispose();
        return grown;
    }

    private void Reserve(int rows, int tokens)
    {
        if (rows > _rows) _rows = Math.Max(rows, _rows + _rows / 2);
        if (tokens > _capacity) _capacity = Math.Min(Math.Max(config.MaxPositions, tokens), Math.Max(tokens, Math.Max(64, _capacity + _capacity / 2)));
    }
}
