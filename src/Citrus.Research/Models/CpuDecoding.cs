namespace Citrus.Research.Models;

/// <summary>Reads tokens with a decoder on the CPU, many sequences side by side, remembering keys and values in pages. For writing and scoring; it knows no gradients.</summary>
/// <remarks>
/// Every number of a sequence is the same bit for bit whatever is read beside it, in whatever pieces it is read and on however many threads
/// (<see cref="CpuDecodingKernels"/>). The weights are used where they lie. One caller at a time.
/// </remarks>
internal sealed unsafe class CpuDecoding : IDisposable
{
    /// <summary>Tokens that pass through the layers at once; bounds the scratch memory.</summary>
    private const int Slice = 512;

    /// <summary>Multiplications below which sharing out costs more than it saves.</summary>
    private const long WorthSharing = 200_000;

    private readonly DecoderConfig _config;
    private readonly Layer[] _layers;
    private readonly CpuDecodingLinear _head;
    private readonly float* _embedding, _lastNorm;
    private readonly CpuTeam _team;
    private readonly CpuBuffer _x = new(), _normed = new(), _qkv = new(), _mixed = new(), _inner = new(), _activated = new(), _top = new(), _logits = new(), _cosines = new(), _sines = new();
    private readonly CpuBuffer[] _scratch;
    private readonly Action<int, int> _linearPiece, _gatedPiece, _normPiece, _placePiece, _attendPiece, _placeAndAttendPiece;
    private readonly float _scale;

    // The piece of work under way, for the threads to see.
    private CpuDecodingLinear _linear = null!;
    private Layer _layer = null!;
    private float* _from, _to, _gain;
    private int _rows, _panel, _layerIndex, _positions, _headsAPiece;
    private bool _add;
    private int[] _ids = [], _at = [], _wantedRows = [];
    private CpuSequence[] _owners = [];

    /// <param name="threads">Threads that work, the caller's included; null is as many as libtorch uses.</param>
    public CpuDecoding(Decoder decoder, int? threads = null)
    {
        var c = _config = decoder.Config;
        Torch.EnsureLoaded();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < decoder.Parameters.Count; i++) places[decoder.Parameters[i].Parts[0].Name] = i;
        float* Gain(string name) => CpuMatrix.Address(decoder.Parameters[places[name]].Value);
        CpuDecodingLinear Linear(string name, string? bias = null) => new(decoder, places[name], bias is null ? -1 : places.GetValueOrDefault(bias, -1));
        _layers = [.. Enumerable.Range(0, c.Layers).Select(i =>
        {
            var at = FormattableString.Invariant($"model.layers.{i}.");
            return new Layer
            {
                InputNorm = Gain(at + "input_layernorm.weight"),
                QueryNorm = c.HasQueryKeyNorm ? Gain(at + "self_attn.q_norm.weight") : null,
                KeyNorm = c.HasQueryKeyNorm ? Gain(at + "self_attn.k_norm.weight") : null,
                PostNorm = Gain(at + "post_attention_layernorm.weight"),
                QueryKeyValue = Linear(at + "self_attn.q_proj.weight", at + "self_attn.q_proj.bias"),
                Output = Linear(at + "self_attn.o_proj.weight"),
                GateUp = Linear(at + "mlp.gate_proj.weight"),
                Down = Linear(at + "mlp.down_proj.weight"),
                Window = c.WindowOf(i),
            };
        })];
        _embedding = Gain("model.embed_tokens.weight");
        _lastNorm = Gain("model.norm.weight");
        _head = Linear(c.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
        _team = new CpuTeam(Math.Max(1, threads ?? TorchSharp.torch.get_num_threads()));
        _scratch = [.. Enumerable.Range(0, _team.Threads).Select(_ => new CpuBuffer())];
        Pages = new CpuPages(c);
        _scale = (float)(1 / Math.Sqrt(c.HeadSize));
        (_linearPiece, _gatedPiece, _normPiece) = (LinearPiece, GatedPiece, NormPiece);
        (_placePiece, _attendPiece, _placeAndAttendPiece) = (PlacePiece, AttendPiece, PlaceAndAttendPiece);
    }

    /// <summary>Where keys and values are kept.</summary>
    public CpuPages Pages { get; }

    /// <summary>Tokens after which logits were asked for in the last reading.</summary>
    public int Wanted { get; private set; }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Threads => _team.Threads;

    /// <summary>A sequence that has read nothing.</summary>
    public CpuSequence Open() => new(Pages);

    /// <summary>Reads more tokens of some sequences, each named once; <see cref="Predict"/> tells what comes next.</summary>
    public void Read(IReadOnlyList<CpuInput> inputs)
    {
        var (total, wanted) = (0, 0);
        foreach (var input in inputs)
        {
            total += input.Ids.Length;
            wanted += input.Wanted;
            input.Sequence.Reserve(input.Ids.Length);
            EnsurePositions(input.Sequence.Length + input.Ids.Length);
        }

        _top.Reserve((long)wanted * _config.HiddenSize);
        Wanted = 0;
        if (_ids.Length < Math.Min(total, Slice)) (_ids, _at, _wantedRows, _owners) = (new int[Math.Min(total, Slice)], new int[Math.Min(total, Slice)], new int[Math.Min(total, Slice)], new CpuSequence[Math.Min(total, Slice)]);
        var (rows, asked, single) = (0, 0, true);
        foreach (var input in inputs)
        {
            var ids = input.Ids.Span;
            for (var t = 0; t < ids.Length; t++)
            {
                if (t >= ids.Length - input.Wanted) _wantedRows[asked++] = rows;
                single &= t == 0 || rows == 0;
                (_ids[rows], _at[rows], _owners[rows]) = (ids[t], input.Sequence.Length + t, input.Sequence);
                if (++rows < Slice) continue;
                Pass(rows, asked, single);
                (rows, asked, single) = (0, 0, true);
            }
        }

        if (rows > 0) Pass(rows, asked, single);
        foreach (var input in inputs) input.Sequence.Advance(input.Ids.Length);
    }

    /// <summary>Computes the logits after some of the tokens that they were asked for.</summary>
    public void Predict(int first, int count) =>
        Linear(_head, _top.Data + (long)first * _config.HiddenSize, count, _logits.Reserve((long)count * _config.VocabularySize), add: false);

    /// <summary>Logits of one of the tokens last predicted, <c>[vocab]</c>; valid until the next prediction.</summary>
    public ReadOnlySpan<float> Logits(int row) => new(_logits.Data + (long)row * _config.VocabularySize, _config.VocabularySize);

    /// <summary>Does independent pieces of work on this reader's threads.</summary>
    public void Share(int count, Action<int, int> work) => _team.Run(count, work);

    public void Dispose()
    {
        _team.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _head.Dispose();
        foreach (var buffer in (CpuBuffer[])[_x, _normed, _qkv, _mixed, _inner, _activated, _top, _logits, _cosines, _sines, .. _scratch]) buffer.Dispose();
        Pages.Dispose();
    }

    /// <summary>Takes tokens through all layers.</summary>
    /// <param name="single">Whether each is of another sequence.</param>
    private void Pass(int rows, int asked, bool single)
    {
        var (c, d) = (_config, _config.HiddenSize);
        var (heads, wide) = (c.Heads * c.HeadSize, (c.Heads + 2 * c.KeyValueHeads) * c.HeadSize);
        float* x = _x.Reserve((long)rows * d), normed = _normed.Reserve((long)rows * d), qkv = _qkv.Reserve((long)rows * wide), mixed = _mixed.Reserve((long)rows * heads);
        float* inner = _inner.Reserve((long)rows * 2 * c.IntermediateSize), activated = _activated.Reserve((long)rows * c.IntermediateSize);
        for (var n = 0; n < rows; n++) Copy(_embedding + (long)_ids[n] * d, x + (long)n * d, d);
        var longest = 0;
        for (var n = 0; n < rows; n++) longest = Math.Max(longest, _at[n] + 1);
        foreach (var scratch in _scratch) scratch.Reserve(longest + 2 * CpuPages.Tokens + 64);
        for (var i = 0; i < c.Layers; i++)
        {
            (_layer, _layerIndex) = (_layers[i], i);
            Norm(x, _layer.InputNorm, normed, rows);
            Linear(_layer.QueryKeyValue, normed, rows, qkv, add: false);
            Attention(rows, single, longest);
            if (i + 1 == c.Layers)
            {
                // Above the last attention only the tokens matter that something is asked of.
                for (var n = 0; n < asked; n++)
                {
                    Copy(x + (long)_wantedRows[n] * d, x + (long)n * d, d);
                    Copy(mixed + (long)_wantedRows[n] * heads, mixed + (long)n * heads, heads);
                }

                rows = asked;
                if (rows == 0) return;
            }

            Linear(_layer.Output, mixed, rows, x, add: true);
            Norm(x, _layer.PostNorm, normed, rows);
            Gated(normed, rows, inner, activated);
            Linear(_layer.Down, activated, rows, x, add: true);
        }

        Norm(x, _lastNorm, _top.Data + (long)Wanted * d, rows);
        Wanted += rows;
    }

    private void Linear(CpuDecodingLinear linear, float* x, int rows, float* y, bool add)
    {
        linear.Prepare(x, rows);
        (_linear, _rows, _add) = (linear, rows, add);
        _from = x;
        _to = y;
        _panel = Panel(linear.Outputs, (long)linear.Inputs * rows);
        Run((linear.Outputs + _panel - 1) / _panel, (long)linear.Outputs * linear.Inputs * rows, _linearPiece);
    }

    private void LinearPiece(int piece, int thread) => _linear.Part(_from, _rows, _to, piece * _panel, Math.Min(_linear.Outputs, (piece + 1) * _panel), _add);

    private void Gated(float* x, int rows, float* inner, float* activated)
    {
        _layer.GateUp.Prepare(x, rows);
        (_linear, _rows) = (_layer.GateUp, rows);
        _from = x;
        _to = inner;
        _panel = Panel(_config.IntermediateSize, 2L * _linear.Inputs * rows);
        Run((_config.IntermediateSize + _panel - 1) / _panel, (long)_linear.Outputs * _linear.Inputs * rows, _gatedPiece);
    }

    private void GatedPiece(int piece, int thread)
    {
        var width = _config.IntermediateSize;
        var (first, end) = (piece * _panel, Math.Min(width, (piece + 1) * _panel));
        _linear.Part(_from, _rows, _to, first, end, add: false);
        _linear.Part(_from, _rows, _to, width + first, width + end, add: false);
        for (var n = 0; n < _rows; n++)
        {
            var row = _to + (long)n * 2 * width;
            CpuDecodingKernels.SwiGlu(row + first, row + width + first, _activated.Data + (long)n * width + first, end - first);
        }
    }

    private void Norm(float* x, float* gain, float* y, int rows)
    {
        _rows = rows;
        _from = x;
        _gain = gain;
        _to = y;
        Run((rows + 7) / 8, (long)rows * _config.HiddenSize * 4, _normPiece);
    }

    private void NormPiece(int piece, int thread)
    {
        var d = _config.HiddenSize;
        for (var n = piece * 8; n < Math.Min(_rows, piece * 8 + 8); n++) CpuDecodingKernels.Norm(_from + (long)n * d, _gain, _to + (long)n * d, d, (float)_config.NormEpsilon);
    }

    private void Attention(int rows, bool single, int longest)
    {
        _rows = rows;
        var work = (long)rows * _config.Heads * _config.HeadSize * (longest + 32);
        if (!single)
        {
            Run(rows, work, _placePiece);
            _headsAPiece = _config.KeyValueHeads;
            Run(rows, work, _attendPiece);
            return;
        }

        _headsAPiece = rows >= 4 * _team.Threads ? _config.KeyValueHeads : 1;
        Run(rows * (_config.KeyValueHeads / _headsAPiece), work, _placeAndAttendPiece);
    }

    private void PlaceAndAttendPiece(int piece, int thread)
    {
        var pieces = _config.KeyValueHeads / _headsAPiece;
        for (var g = piece % pieces * _headsAPiece; g < (piece % pieces + 1) * _headsAPiece; g++)
        {
            Place(piece / pieces, g);
            Attend(piece / pieces, g, thread);
        }
    }

    private void PlacePiece(int row, int thread)
    {
        for (var g = 0; g < _config.KeyValueHeads; g++) Place(row, g);
    }

    private void AttendPiece(int row, int thread)
    {
        for (var g = 0; g < _config.KeyValueHeads; g++) Attend(row, g, thread);
    }

    /// <summary>Norms and turns the queries and the key of one key head, and keeps key and value.</summary>
    private void Place(int row, int g)
    {
        var (c, size, shared) = (_config, _config.HeadSize, _config.Heads / _config.KeyValueHeads);
        float* qkv = _qkv.Data + (long)row * (c.Heads + 2 * c.KeyValueHeads) * size, key = qkv + (long)(c.Heads + g) * size;
        float* cosines = _cosines.Data + (long)_at[row] * (size / 2), sines = _sines.Data + (long)_at[row] * (size / 2);
        for (var h = g * shared; h < (g + 1) * shared; h++)
        {
            if (_layer.QueryNorm != null) CpuDecodingKernels.Norm(qkv + (long)h * size, _layer.QueryNorm, qkv + (long)h * size, size, (float)c.NormEpsilon);
            CpuDecodingKernels.Turn(qkv + (long)h * size, cosines, sines, size);
        }

        if (_layer.KeyNorm != null) CpuDecodingKernels.Norm(key, _layer.KeyNorm, key, size, (float)c.NormEpsilon);
        CpuDecodingKernels.Turn(key, cosines, sines, size);
        CpuDecodingAttention.Append(Pages, _owners[row], _layerIndex, g, _at[row], key, key + (long)c.KeyValueHeads * size, size);
    }

    private void Attend(int row, int g, int thread)
    {
        var (c, size, shared) = (_config, _config.HeadSize, _config.Heads / _config.KeyValueHeads);
        float* qkv = _qkv.Data + (long)row * (c.Heads + 2 * c.KeyValueHeads) * size, mixed = _mixed.Data + (long)row * c.Heads * size;
        var first = _layer.Window == int.MaxValue ? 0 : Math.Max(0, _at[row] - _layer.Window + 1);
        for (var h = g * shared; h < (g + 1) * shared; h++)
            CpuDecodingAttention.Attend(Pages, _owners[row], _layerIndex, g, first, _at[row], qkv + (long)h * size, mixed + (long)h * size, _scratch[thread].Data, size, _scale);
    }

    private void Run(int pieces, long work, Action<int, int> piece)
    {
        if (work >= WorthSharing) _team.Run(pieces, piece);
        else for (var i = 0; i < pieces; i++) piece(i, 0);
    }

    /// <summary>Outputs in one piece of work: enough pieces to share evenly, none too small to be worth taking.</summary>
    private int Panel(int outputs, long workOfOne)
    {
        var even = outputs / (8 * _team.Threads);
        var least = (int)Math.Min(outputs, 60_000 / workOfOne);
        return Math.Max(4, Math.Max(even, least) + 3 & ~3);
    }

    private void EnsurePositions(int count)
    {
        if (count <= _positions) return;
        _positions = Math.Min(_config.MaxPositions, Math.Max(256, 2 * count));
        if (count > _positions) throw new ArgumentException($"A sequence of {count} tokens is longer than the model's {_config.MaxPositions} positions.");
        var (cosines, sines) = RotaryTable.Angles(_positions, _config.HeadSize, _config.RopeTheta, _config.RopeScaling);
        cosines.CopyTo(new Span<float>(_cosines.Reserve(cosines.Length), cosines.Length));
        sines.CopyTo(new Span<float>(_sines.Reserve(sines.Length), sines.Length));
    }

    private static void Copy(float* from, float* to, int count) => Buffer.MemoryCopy(from, to, (long)count * sizeof(float), (long)count * sizeof(float));

    private sealed class Layer : IDisposable
    {
        public float* InputNorm, QueryNorm, KeyNorm, PostNorm;

        public required CpuDecodingLinear QueryKeyValue { get; init; }

        public required CpuDecodingLinear Output { get; init; }

        public required CpuDecodingLinear GateUp { get; init; }

        public required CpuDecodingLinear Down { get; init; }

        public int Window { get; init; }

        public void Dispose()
        {
            foreach (var linear in new[] { QueryKeyValue, Output, GateUp, Down }) linear.Dispose();
        }
    }
}
