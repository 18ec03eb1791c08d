using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The writer in tensor operations, for any device: prompts are padded on the left, keys and values cached.</summary>
internal sealed class TorchWriter(Decoder decoder) : IWriter
{
    private readonly DecoderNetwork _network = new(decoder);
    private KeyValueCache? _cache;
    private Tensor? _padding;
    private long[] _positions = [];

    public float[] Begin(IReadOnlyList<IReadOnlyList<int>> prompts, int room)
    {
        Forget();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (rows, width) = (prompts.Count, prompts.Max(p => p.Count));
        var (ids, places, hidden) = (new long[rows * width], new long[rows * width], new float[rows * (width + room)]);
        for (var r = 0; r < rows; r++)
        {
            var pad = width - prompts[r].Count;
            for (var t = 0; t < prompts[r].Count; t++) (ids[r * width + pad + t], places[r * width + pad + t]) = (prompts[r][t], t);
            for (var t = 0; t < pad; t++) hidden[r * (width + room) + t] = -1e9f;
        }

        _positions = [.. prompts.Select(p => (long)p.Count)];
        _padding = tensor(hidden, [rows, 1, width + room]).to(decoder.Device).DetachFromDisposeScope();
        _cache = new KeyValueCache(decoder.Config, rows, width + room, decoder.Device);
        var mask = _network.CausalMask(width).Plus(_padding.narrow(2, 0, width));
        var state = _network.Hidden(tensor(ids, [rows, width]).to(decoder.Device), mask, tensor(places, [rows, width]).to(decoder.Device), _cache);
        return Logits(state.select(1, width - 1));
    }

    public float[] Next(IReadOnlyList<int> kept, IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (kept.Count < _positions.Length)
        {
            var rows = tensor(kept.Select(r => (long)r).ToArray()).to(decoder.Device);
            _cache!.Keep(rows);
            var narrowed = _padding!.index_select(0, rows).DetachFromDisposeScope();
            _padding.Dispose();
            _padding = narrowed;
            _positions = [.. kept.Select(r => _positions[r])];
        }

        var read = tensor(ids.Select(i => (long)i).ToArray(), [ids.Count, 1]).to(decoder.Device);
        var state = _network.Hidden(read, _padding!.narrow(2, 0, _cache!.Length + 1), tensor(_positions, [ids.Count, 1]).to(decoder.Device), _cache);
        for (var r = 0; r < _positions.Length; r++) _positions[r]++;
        return Logits(state.select(1, 0));
    }

    public void Dispose()
    {
        Forget();
        _network.Dispose();
    }

    private float[] Logits(Tensor state) => nn.functional.linear(state, _network.Head).cpu().data<float>().ToArray();

    private void Forget()
    {
        _cache?.Dispose();
        _padding?.Dispose();
    }
}
