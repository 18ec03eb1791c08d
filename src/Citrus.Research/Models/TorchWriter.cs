using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The writer in tensor operations, for any device: a row of the cache for each text; newcomers are read in runs of rows, then all go on token by token.</summary>
/// <remarks>A text's numbers depend on its neighbours in the last bits, as the library chooses its kernels by the size of the batch.</remarks>
internal sealed class TorchWriter(Decoder decoder) : IWriter
{
    /// <summary>Tokens of a text that pass at once; bounds the square of attention.</summary>
    private const int Piece = 1024;

    private const float Never = -1e9f;

    private readonly DecoderNetwork _network = new(decoder);
    private readonly KeyValueCache _cache = new(decoder.Config, decoder.Device);
    private readonly Dictionary<int, int> _rowOf = [];
    private readonly List<int> _textAt = [];
    private Tensor? _top;
    private float[] _logits = [];
    private int _next;

    public int PromptPiece => 8192;

    public int Threads => 1;

    public int Open()
    {
        _rowOf[_next] = _cache.Add();
        _textAt.Add(_next);
        return _next++;
    }

    public int Fork(int text, int tokens)
    {
        var fork = Open();
        using var grad = no_grad();
        _cache.Copy(_rowOf[text], _rowOf[fork], tokens);
        return fork;
    }

    public void Close(int text)
    {
        using var grad = no_grad();
        var row = _rowOf[text];
        _cache.Remove(row);
        _rowOf.Remove(text);
        _textAt[row] = _textAt[^1];
        if (row < _textAt.Count - 1) _rowOf[_textAt[row]] = row;
        _textAt.RemoveAt(_textAt.Count - 1);
    }

    public void Read(IReadOnlyList<WriterInput> inputs)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var states = new Tensor?[inputs.Count];
        var step = Enumerable.Range(0, inputs.Count).Where(i => inputs[i].Ids.Length == 1 && _cache.Lengths[_rowOf[inputs[i].Text]] > 0).ToList();
        if (step.Count > 0) Step(inputs, step, states);
        var fresh = Enumerable.Range(0, inputs.Count).Except(step).OrderBy(i => _rowOf[inputs[i].Text]).ToList();
        for (var i = 0; i < fresh.Count;)
        {
            var (first, past) = (_rowOf[inputs[fresh[i]].Text], _cache.Lengths[_rowOf[inputs[fresh[i]].Text]]);
            var count = 1;
            while (i + count < fresh.Count && _rowOf[inputs[fresh[i + count]].Text] == first + count && _cache.Lengths[first + count] == past) count++;
            Run(inputs, fresh.GetRange(i, count), states);
            i += count;
        }

        _top?.Dispose();
        var wanted = states.Where(s => s is not null).Select(s => s!).ToArray();
        _top = wanted.Length == 0 ? null : cat(wanted, 0).DetachFromDisposeScope();
    }

    public void Predict(int first, int count)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        _logits = nn.functional.linear(_top!.narrow(0, first, count), _network.Head).to(float32).cpu().data<float>().ToArray();
    }

    public ReadOnlySpan<float> Logits(int row) => _logits.AsSpan(row * decoder.Config.VocabularySize, decoder.Config.VocabularySize);

    public bool Likeliest(int count, Span<(int Id, float LogProbability)> chosen)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var logits = nn.functional.linear(_top!.narrow(0, 0, count), _network.Head).to(float32);
        var most = logits.amax([-1], true);
        // Of equal ones the smaller id, which argmax does not promise.
        var ids = where(logits.eq(most), arange(decoder.Config.VocabularySize, device: decoder.Device), full([1], decoder.Config.VocabularySize, dtype: int64, device: decoder.Device)).amin([-1]);
        var found = (Ids: ids.cpu().data<long>().ToArray(), LogProbabilities: most.squeeze(-1).sub(logits.logsumexp(-1)).cpu().data<float>().ToArray());
        for (var i = 0; i < count; i++)
        {
            if (found.Ids[i] == decoder.Config.VocabularySize || !float.IsFinite(found.LogProbabilities[i])) throw TokenSampler.NotANumber();
            chosen[i] = ((int)found.Ids[i], found.LogProbabilities[i]);
        }

        return true;
    }

    public void Share(int count, Action<int, int> work)
    {
        for (var i = 0; i < count; i++) work(i, 0);
    }

    public void Dispose()
    {
        _top?.Dispose();
        _cache.Dispose();
        _network.Dispose();
    }

    /// <summary>One token of some rows. All rows pass; what the others would have read is overwritten when they go on.</summary>
    private void Step(IReadOnlyList<WriterInput> inputs, List<int> step, Tensor?[] states)
    {
        var rows = _textAt.Count;
        var (ids, places) = (new long[rows], new long[rows]);
        for (var r = 0; r < rows; r++) places[r] = Math.Min(_cache.Lengths[r], decoder.Config.MaxPositions - 1);
        foreach (var i in step) ids[_rowOf[inputs[i].Text]] = inputs[i].Ids.Span[0];
        var at = tensor(places).to(decoder.Device);
        _cache.BeginStep(arange(rows, device: decoder.Device), at);
        var state = Pass(tensor(ids, [rows, 1]).to(decoder.Device), at.view(rows, 1), _cache.Lengths.Max() + 1).select(1, 0);
        foreach (var i in step)
        {
            var row = _rowOf[inputs[i].Text];
            _cache.Advance(row, 1);
            if (inputs[i].Wanted > 0) states[i] = state.narrow(0, row, 1);
        }
    }

    /// <summary>Several tokens of neighbouring rows that have read as many before; shorter ones are padded behind their end.</summary>
    private void Run(IReadOnlyList<WriterInput> inputs, List<int> run, Tensor?[] states)
    {
        var (first, count, width) = (_rowOf[inputs[run[0]].Text], run.Count, run.Max(i => inputs[i].Ids.Length));
        var past = _cache.Lengths[first];
        var ended = run.Select(_ => new List<Tensor>()).ToList();
        for (var from = 0; from < width; from += Piece)
        {
            var length = Math.Min(Piece, width - from);
            var ids = new long[count * length];
            for (var r = 0; r < count; r++)
            {
                var mine = inputs[run[r]].Ids.Span;
                for (var t = 0; t < length && from + t < mine.Length; t++) ids[r * length + t] = mine[from + t];
            }

            // While a run passes, its rows count as having read all of it.
            _cache.BeginRun(first, count, length);
            var positions = arange(past + from, past + from + length, device: decoder.Device).unsqueeze(0).expand(count, length);
            var state = Pass(tensor(ids, [count, length]).to(decoder.Device), positions, past + from + length);
            for (var r = 0; r < count; r++)
            {
                int begin = Math.Max(from, inputs[run[r]].Ids.Length - inputs[run[r]].Wanted), end = Math.Min(from + length, inputs[run[r]].Ids.Length);
                if (begin < end) ended[r].Add(state.select(0, r).narrow(0, begin - from, end - begin));
            }
        }

        for (var r = 0; r < count; r++)
        {
            _cache.Advance(first + r, inputs[run[r]].Ids.Length - width);
            if (ended[r].Count > 0) states[run[r]] = cat(ended[r], 0);
        }
    }

    /// <summary>Takes tokens of the rows that the cache was told of through all layers.</summary>
    /// <param name="ids"><c>[rows, tokens]</c>.</param>
    /// <param name="positions">Their positions, <c>[rows, tokens]</c>.</param>
    /// <param name="keys">Tokens of each row in the cache, the new ones included.</param>
    /// <returns><c>[rows, tokens, hidden]</c>.</returns>
    private Tensor Pass(Tensor ids, Tensor positions, int keys)
    {
        var (b, t, size) = (ids.shape[0], ids.shape[1], decoder.Config.HeadSize);
        var turns = _network.Turns(positions.reshape(-1), keys);
        var masks = new Dictionary<int, Tensor>();
        var x = _network.Embed(ids.reshape(-1));
        for (var layer = 0; layer < decoder.Config.Layers; layer++)
        {
            var below = x;
            x = _network.Block(layer, x, turns, Attend);
            below.Dispose();
        }

        _cache.Advance((int)t);
        return _network.Top(x).view(b, t, -1);

        Tensor Attend(int layer, Tensor q, Tensor k, Tensor v)
        {
            Tensor Rows(Tensor x) => x.view(b, t, x.shape[1], size).transpose(1, 2);
            (k, v) = _cache.Append(layer, Rows(k), Rows(v));
            return TorchScript.Attend(Rows(q), k, v, Mask(decoder.Config.WindowOf(layer))).transpose(1, 2).reshape(b * t, -1);
        }

        // 0 where a query may look, [rows, 1, tokens, keys].
        Tensor Mask(int window)
        {
            if (keys <= window) window = int.MaxValue;
            if (masks.TryGetValue(window, out var known)) return known;
            var (here, there) = (positions.unsqueeze(2), arange(keys, device: decoder.Device).view(1, 1, keys));
            var hidden = there > here;
            if (window != int.MaxValue) hidden |= there <= here.Plus(-window);
            return masks[window] = hidden.to(decoder.WeightType).mul(((double)Never).Held()).unsqueeze(1);
        }
    }
}
