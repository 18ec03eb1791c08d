using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The engine for the CPU: libtorch multiplies matrices, everything between is fused (<see cref="CpuKernels"/>), and derivatives are written out.</summary>
/// <remarks>
/// Sequences are packed without padding and attention skips the future, which together with far fewer calls makes a training step of a small student several times
/// faster than tensor operations with automatic derivatives. <see cref="TorchEngine"/> computes the same and is what this is tested against.
/// </remarks>
internal sealed unsafe class CpuEngine : IDecoderEngine
{
    /// <summary>Most logits that are held at a time: 256 MB.</summary>
    public const int DefaultLogits = 1 << 26;

    private readonly DecoderConfig _config;
    private readonly DecoderLayout _layout;
    private readonly ComputePrecision _precision;
    private readonly CpuWeights _weights;
    private readonly CpuRotary _rotary;
    private readonly CpuAttention _attention;
    private readonly List<Activations> _layers = [];
    private readonly CpuMatrix _top, _norm, _inverse, _mixed, _dMixedLeft, _logits, _dTop, _dX, _dNorm, _dMixed, _dQueries, _dQkv, _dActivated, _part, _dPart;
    private readonly int _rowsAtOnce, _lowest;
    private int[] _positions = [];

    /// <param name="decoder">Float32 weights on the CPU; what of them is trainable is decided now.</param>
    /// <param name="precision">Of a training step's products.</param>
    /// <param name="logits">Most logits held at a time; more rows than that are worked on in pieces, whose logits are computed twice in a training step.</param>
    public CpuEngine(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32, int logits = DefaultLogits)
    {
        _precision = precision;
        var c = _config = decoder.Config;
        _layout = new DecoderLayout(c);
        _weights = new CpuWeights(decoder, _layout, precision);
        _rotary = new CpuRotary(c);
        _attention = new CpuAttention(c);
        _rowsAtOnce = Math.Max(1, logits / c.VocabularySize);
        _lowest = Lowest();
        var (d, heads) = (c.HiddenSize, c.Heads + c.KeyValueHeads);
        (_top, _norm, _inverse, _logits) = (new(d), new(d), new(1), new(c.VocabularySize));
        (_mixed, _dMixedLeft) = (new(c.Heads * c.HeadSize), new(c.Heads * c.HeadSize));
        (_dTop, _dX, _dNorm, _dMixed) = (new(d), new(d), new(d), new(c.Heads * c.HeadSize));
        (_dQueries, _dQkv, _dActivated) = (new(heads * c.HeadSize), new((heads + c.KeyValueHeads) * c.HeadSize), new(c.IntermediateSize));
        (_part, _dPart) = (new(d), new(d));
    }

    public float[] LogProbabilities(TokenBatch batch)
    {
        if (batch.Rows.Length == 0) return [];
        using var grad = no_grad();
        Forward(batch, keep: false);
        return Predict(batch);
    }

    /// <summary>Reads more tokens of sequences that are remembered.</summary>
    /// <param name="batch">The new tokens: a whole prompt where nothing is remembered yet, one token each else.</param>
    /// <returns>Logits after each sequence's last token, <c>[sequences, vocab]</c>.</returns>
    public float[] Read(TokenBatch batch, IReadOnlyList<CpuMemory> memories)
    {
        using var grad = no_grad();
        Forward(batch, keep: false, memories);
        for (var s = 0; s < batch.Sequences; s++) memories[s].Advance(batch.Starts[s + 1] - batch.Starts[s]);
        _weights.Product(_logits.Resize(batch.Sequences), _norm, _layout.Head);
        return new ReadOnlySpan<float>(_logits.Data, batch.Sequences * _config.VocabularySize).ToArray();
    }

    public IReadOnlyList<Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope)
    {
        using var grad = no_grad();
        _weights.Begin();
        if (batch.Rows.Length == 0)
        {
            _weights.Clear();
            return _weights.Gradients;
        }

        Forward(batch, keep: true);
        BackwardFromLogits(batch, slope(Predict(batch)));
        for (var layer = _config.Layers - 1; layer >= _lowest; layer--) BackwardLayer(batch, layer);
        if (!_weights.Trains(DecoderLayout.Embedding)) return _weights.Gradients;
        var d = _config.HiddenSize;
        for (var n = 0; n < batch.Ids.Length; n++) CpuKernels.Add(_dX.Data + (long)n * d, _weights.Slopes(DecoderLayout.Embedding) + (long)batch.Ids[n] * d, d);
        return _weights.Gradients;
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        foreach (var matrix in new[] { _top, _norm, _inverse, _mixed, _dMixedLeft, _logits, _dTop, _dX, _dNorm, _dMixed, _dQueries, _dQkv, _dActivated, _part, _dPart }) matrix.Dispose();
        _weights.Dispose();
        _attention.Dispose();
    }

    /// <summary>The lowest layer that derivatives must reach: 0 where the embedding is trained, the number of layers where only what is above them is.</summary>
    private int Lowest()
    {
        if (_weights.Trains(DecoderLayout.Embedding)) return 0;
        for (var i = 0; i < _layout.Layers.Count; i++)
        {
            var at = _layout.Layers[i];
            if (new[] { at.InputNorm, at.QueryKeyValue, at.QueryKeyValueBias, at.QueryNorm, at.KeyNorm, at.Output, at.PostNorm, at.GateUp, at.Down }.Any(_weights.Learns)) return i;
        }

        return _layout.Layers.Count;
    }

    private void Forward(TokenBatch batch, bool keep, IReadOnlyList<CpuMemory>? memories = null)
    {
        var (c, rows, d) = (_config, batch.Ids.Length, _config.HiddenSize);
        _weights.Rounding = keep && _precision == ComputePrecision.BFloat16; // reading is float32 always
        var layers = keep ? c.Layers : 1;
        while (_layers.Count < layers) _layers.Add(new Activations(c));
        Place(batch, memories);
        var x = _layers[0].Input.Resize(rows);
        var embedding = _weights.Values(DecoderLayout.Embedding);
        for (var n = 0; n < rows; n++) Copy(embedding + (long)batch.Ids[n] * d, x.Data + (long)n * d, d);
        for (var layer = 0; layer < c.Layers; layer++)
        {
            var a = _layers[keep ? layer : 0].Resize(rows);
            var at = _layout.Layers[layer];
            CpuKernels.Norm(x.Data, _weights.Values(at.InputNorm), a.InputNorm.Data, a.InputInverse.Data, rows, d, (float)c.NormEpsilon);
            _weights.Product(a.Qkv, a.InputNorm, at.QueryKeyValue);
            if (at.QueryKeyValueBias >= 0) CpuKernels.AddToRows(_weights.Values(at.QueryKeyValueBias), a.Qkv.Data, rows, a.Qkv.Columns);
            Turn(a, at, rows);
            for (var s = 0; s < batch.Sequences; s++)
            {
                var (start, length) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
                memories?[s].Append(layer, a.Queries.At(start), a.Qkv.At(start), length);
                if (memories is null || memories[s].Length == 0) _attention.Forward(a.Queries.At(start), a.Qkv.At(start), a.Mixed.At(start), a.LogSums.At(start), length, at.Window);
                else memories[s].Attend(layer, a.Queries.At(start), a.Mixed.At(start));
            }

            // Above the last attention only the rows that predict something matter.
            var last = layer + 1 == c.Layers;
            var (mixed, left) = last ? (_mixed, batch.Rows.Length) : (a.Mixed, rows);
            a.ResizeUpper(left);
            if (last)
            {
                Gather(a.Mixed, batch.Rows, _mixed);
                Gather(x, batch.Rows, a.Middle);
            }
            else
            {
                Copy(x.Data, a.Middle.Data, (long)rows * d);
            }

            _weights.Product(a.Middle, mixed, at.Output, add: true);
            CpuKernels.Norm(a.Middle.Data, _weights.Values(at.PostNorm), a.PostNorm.Data, a.PostInverse.Data, left, d, (float)c.NormEpsilon);
            _weights.Product(a.Inner, a.PostNorm, at.GateUp);
            CpuKernels.SwiGlu(a.Inner.Data, a.Activated.Data, left, c.IntermediateSize);
            x = (last ? _top : _layers[keep ? layer + 1 : 0].Input).Resize(left);
            Copy(a.Middle.Data, x.Data, (long)left * d);
            _weights.Product(x, a.Activated, at.Down, add: true);
        }

        CpuKernels.Norm(_top.Data, _weights.Values(_layout.FinalNorm), _norm.Resize(_top.Rows).Data, _inverse.Resize(_top.Rows).Data, _top.Rows, d, (float)c.NormEpsilon);
    }

    /// <summary>Log-probabilities of the predicted tokens; leaves the softmax of every predicted row in the logits' place where they are held in one piece.</summary>
    private float[] Predict(TokenBatch batch)
    {
        var found = new float[batch.Rows.Length];
        for (var first = 0; first < found.Length; first += _rowsAtOnce) Predict(batch, first, Math.Min(_rowsAtOnce, found.Length - first), found);
        return found;
    }

    /// <summary>The same for some of the predicted rows.</summary>
    /// <returns>The normed hidden states that the logits were made from.</returns>
    private CpuMatrix Predict(TokenBatch batch, int first, int count, float[] found)
    {
        var norm = _norm;
        if (count < batch.Rows.Length) Copy(_norm.At(first), (norm = _part).Resize(count).Data, (long)count * _config.HiddenSize);
        _weights.Product(_logits.Resize(count), norm, _layout.Head);
        for (var i = 0; i < count; i++)
        {
            var logits = _logits.At(i);
            var logit = logits[batch.Targets[first + i]];
            found[first + i] = logit - CpuKernels.Softmax(logits, _config.VocabularySize);
        }

        return norm;
    }

    private void BackwardFromLogits(TokenBatch batch, float[] slopes)
    {
        var (all, d) = (batch.Rows.Length, _config.HiddenSize);
        var again = all > _rowsAtOnce ? new float[all] : [];
        _dNorm.Resize(all);
        for (var first = 0; first < all; first += _rowsAtOnce)
        {
            var count = Math.Min(_rowsAtOnce, all - first);
            var norm = count == all ? _norm : Predict(batch, first, count, again);
            for (var i = 0; i < count; i++)
            {
                var logits = _logits.At(i);
                CpuKernels.Scale(logits, -slopes[first + i], _config.VocabularySize);
                logits[batch.Targets[first + i]] += slopes[first + i];
            }

            var below = count == all ? _dNorm : _dPart.Resize(count);
            _weights.ProductBackward(below, _logits, norm, _layout.Head, more: first > 0);
            if (count < all) Copy(below.Data, _dNorm.At(first), (long)count * d);
        }

        Clear(_dTop.Resize(all));
        CpuKernels.NormBackward(_top.Data, _weights.Values(_layout.FinalNorm), _inverse.Data, _dNorm.Data, _dTop.Data, _weights.Slopes(_layout.FinalNorm), all, d);
    }

    private void BackwardLayer(TokenBatch batch, int layer)
    {
        var (c, a, at, last) = (_config, _layers[layer], _layout.Layers[layer], layer + 1 == _config.Layers);
        var (rows, d, left) = (batch.Ids.Length, _config.HiddenSize, last ? batch.Rows.Length : batch.Ids.Length);
        var upper = last ? _dTop : _dX;
        _weights.ProductBackward(_dActivated.Resize(left), upper, a.Activated, at.Down);
        CpuKernels.SwiGluBackward(a.Inner.Data, _dActivated.Data, left, c.IntermediateSize);
        _weights.ProductBackward(_dNorm.Resize(left), a.Inner, a.PostNorm, at.GateUp);
        CpuKernels.NormBackward(a.Middle.Data, _weights.Values(at.PostNorm), a.PostInverse.Data, _dNorm.Data, upper.Data, _weights.Slopes(at.PostNorm), left, d);
        if (last)
        {
            _weights.ProductBackward(_dMixedLeft.Resize(left), upper, _mixed, at.Output);
            Scatter(_dMixedLeft, batch.Rows, _dMixed.Resize(rows));
            Scatter(upper, batch.Rows, _dX.Resize(rows));
        }
        else
        {
            _weights.ProductBackward(_dMixed.Resize(rows), upper, a.Mixed, at.Output);
        }

        _dQueries.Resize(rows);
        _dQkv.Resize(rows);
        for (var s = 0; s < batch.Sequences; s++)
        {
            var (start, length) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
            _attention.Backward(a.Queries.At(start), a.Qkv.At(start), a.LogSums.At(start), _dMixed.At(start), _dQueries.At(start), _dQkv.At(start), length, at.Window);
        }

        TurnBackward(a, at, rows);
        _weights.ProductBackward(_dNorm.Resize(rows), _dQkv, a.InputNorm, at.QueryKeyValue);
        CpuKernels.NormBackward(a.Input.Data, _weights.Values(at.InputNorm), a.InputInverse.Data, _dNorm.Data, _dX.Data, _weights.Slopes(at.InputNorm), rows, d);
    }

    private void Place(TokenBatch batch, IReadOnlyList<CpuMemory>? memories)
    {
        if (_positions.Length < batch.Ids.Length) _positions = new int[batch.Ids.Length];
        var end = 0;
        for (var s = 0; s < batch.Sequences; s++)
        {
            for (var i = batch.Starts[s]; i < batch.Starts[s + 1]; i++)
            {
                _positions[i] = i - batch.Starts[s] + (memories?[s].Length ?? 0);
                end = Math.Max(end, _positions[i] + 1);
            }
        }

        _rotary.Reserve(end);
    }

    private void Turn(Activations a, DecoderLayout.Layer at, int rows)
    {
        var (heads, all, size) = (_config.Heads, _config.Heads + _config.KeyValueHeads, _config.HeadSize);
        for (var n = 0; n < rows; n++)
        {
            float* cosines = _rotary.Cosines(_positions[n]), sines = _rotary.Sines(_positions[n]);
            for (var h = 0; h < all; h++)
            {
                float* from = a.Qkv.At(n) + h * size, to = a.Queries.At(n) + h * size;
                var norm = h < heads ? at.QueryNorm : at.KeyNorm;
                if (norm < 0) CpuKernels.Turn(from, cosines, sines, to, size);
                else a.HeadInverse.Data[n * all + h] = CpuKernels.NormAndTurn(from, _weights.Values(norm), cosines, sines, to, size, (float)_config.NormEpsilon);
            }
        }
    }

    private void TurnBackward(Activations a, DecoderLayout.Layer at, int rows)
    {
        var (heads, all, size) = (_config.Heads, _config.Heads + _config.KeyValueHeads, _config.HeadSize);
        for (var n = 0; n < rows; n++)
        {
            float* cosines = _rotary.Cosines(_positions[n]), sines = _rotary.Sines(_positions[n]);
            for (var h = 0; h < all; h++)
            {
                float* upper = _dQueries.At(n) + h * size, lower = _dQkv.At(n) + h * size;
                var norm = h < heads ? at.QueryNorm : at.KeyNorm;
                if (norm < 0) CpuKernels.TurnBackward(upper, cosines, sines, lower, size);
                else CpuKernels.NormAndTurnBackward(a.Qkv.At(n) + h * size, _weights.Values(norm), a.HeadInverse.Data[n * all + h], cosines, sines, upper, lower, _weights.Slopes(norm), size);
            }
        }

        if (at.QueryKeyValueBias < 0 || !_weights.Trains(at.QueryKeyValueBias)) return;
        for (var n = 0; n < rows; n++) CpuKernels.Add(_dQkv.At(n), _weights.Slopes(at.QueryKeyValueBias), _dQkv.Columns);
    }

    private static void Gather(CpuMatrix from, int[] rows, CpuMatrix to)
    {
        to.Resize(rows.Length);
        for (var i = 0; i < rows.Length; i++) Copy(from.At(rows[i]), to.At(i), from.Columns);
    }

    /// <summary>Puts rows back to their places; all others become 0.</summary>
    private static void Scatter(CpuMatrix from, int[] rows, CpuMatrix to)
    {
        Clear(to);
        for (var i = 0; i < rows.Length; i++) Copy(from.At(i), to.At(rows[i]), from.Columns);
    }

    private static void Copy(float* from, float* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));

    private static void Clear(CpuMatrix matrix) => System.Runtime.InteropServices.NativeMemory.Clear(matrix.Data, (nuint)matrix.Rows * (nuint)matrix.Columns * sizeof(float));

    /// <summary>What one layer computed and its backward pass needs.</summary>
    private sealed class Activations(DecoderConfig c) : IDisposable
    {
        public CpuMatrix Input { get; } = new(c.HiddenSize);

        public CpuMatrix InputNorm { get; } = new(c.HiddenSize);

        public CpuMatrix InputInverse { get; } = new(1);

        public CpuMatrix Qkv { get; } = new((c.Heads + 2 * c.KeyValueHeads) * c.HeadSize);

        public CpuMatrix HeadInverse { get; } = new(c.Heads + c.KeyValueHeads);

        public CpuMatrix Queries { get; } = new((c.Heads + c.KeyValueHeads) * c.HeadSize);

        public CpuMatrix LogSums { get; } = new(c.Heads);

        public CpuMatrix Mixed { get; } = new(c.Heads * c.HeadSize);

        public CpuMatrix Middle { get; } = new(c.HiddenSize);

        public CpuMatrix PostNorm { get; } = new(c.HiddenSize);

        public CpuMatrix PostInverse { get; } = new(1);

        public CpuMatrix Inner { get; } = new(2 * c.IntermediateSize);

        public CpuMatrix Activated { get; } = new(c.IntermediateSize);

        private CpuMatrix[] Lower => [Input, InputNorm, InputInverse, Qkv, HeadInverse, Queries, LogSums, Mixed];

        private CpuMatrix[] Upper => [Middle, PostNorm, PostInverse, Inner, Activated];

        public Activations Resize(int rows)
        {
            foreach (var matrix in Lower) matrix.Resize(rows);
            return this;
        }

        /// <summary>Room for what follows attention.</summary>
        public void ResizeUpper(int rows)
        {
            foreach (var matrix in Upper) matrix.Resize(rows);
        }

        public void Dispose()
        {
            foreach (var matrix in (CpuMatrix[])[.. Lower, .. Upper]) matrix.Dispose();
        }
    }
}
