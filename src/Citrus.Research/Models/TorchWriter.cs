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
        var width = _cache.Lengths.Max() + 1;
        var mask = (arange(width, device: decoder.Device).unsqueeze(0) > at.unsqueeze(1)).to(float32).mul(((double)Never).Held()).unsqueeze(1);
        var state = _network.Hidden(tensor(ids, [rows, 1]).to(decoder.Device), mask, at.view(rows, 1), _cache).select(1, 0);
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
            var (queries, keys) = (arange(past + from, past + from + length, device: decoder.Device), arange(past + from + length, device: decoder.Device));
            var mask = (keys.unsqueeze(0) > queries.unsqueeze(1)).to(float32).mul(((double)Never).Held());
            var state = _network.Hidden(tensor(ids, [count, length]).to(decoder.Device), mask, queries.unsqueeze(0).expand(count, length), _cache);
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
}
