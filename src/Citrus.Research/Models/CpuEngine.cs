using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The engine for the CPU: libtorch multiplies matrices, everything between is fused (<see cref="CpuKernels"/>), and derivatives are written out.</summary>
/// <remarks>
/// Sequences are packed without padding and attention skips the future, which together with far fewer calls makes a training step of a small student several times
/// faster than tensor operations with automatic derivatives. <see cref="TorchEngine"/> computes the same and is what this is tested against.
/// </remarks>
internal sealed unsafe class CpuEngine : IDecoderEngine
{
    /// <summary>Most logits that are held at a time unless told otherwise: 512 MB.</summary>
    private const int MostLogits = 1 << 27;

    private readonly DecoderConfig _config;
    private readonly DecoderLayout _layout;
    private readonly EngineOptions _options;
    private readonly CpuWeights _weights;
    private readonly CpuRotary _rotary;
    private readonly CpuAttention _attention;
    private readonly List<CpuMatrix> _inputs = [];
    private readonly List<Activations> _layers = [];
    private readonly CpuMatrix _top, _norm, _inverse, _mixed, _dMixedLeft, _logits, _dTop, _dX, _dNorm, _dMixed, _dQueries, _dQkv, _dActivated, _part, _dPart;
    private readonly int _rowsAtOnce, _lowest;
    private int[] _positions = [];

    public CpuEngine(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32) : this(decoder, new EngineOptions { Precision = precision })
    {
    }

    /// <param name="decoder">Float32 weights on the CPU; what of them is trainable is decided now.</param>
    /// <param name="options">Where logits are worked on in pieces, they are computed twice in a training step whose slopes hang on all of them.</param>
    public CpuEngine(Decoder decoder, EngineOptions options)
    {
        options.Validate();
        _options = options;
        var c = _config = decoder.Config;
        _layout = new DecoderLayout(c);
        _weights = new CpuWeights(decoder, _layout, options.Precision);
        _rotary = new CpuRotary(c);
        _attention = new CpuAttention(c);
        _rowsAtOnce = options.LogitChunk > 0 ? options.LogitChunk : Math.Max(1, MostLogits / c.VocabularySize);
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
        return Predict(batch, new float[batch.Rows.Length]);
    }

    public IReadOnlyList<Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope) => Gradients(batch, slope, null).Gradients;

    public (float[] LogProbabilities, IReadOnlyList<Tensor> Gradients) Gradients(TokenBatch batch, float[] slopes) => Gradients(batch, _ => slopes, slopes);

    /// <param name="ahead">The slopes where they are known: then the pieces of the logits are computed once.</param>
    private (float[] LogProbabilities, IReadOnlyList<Tensor> Gradients) Gradients(TokenBatch batch, Func<float[], float[]> slope, float[]? ahead)
    {
        using var grad = no_grad();
        _weights.Begin();
        if (batch.Rows.Length == 0)
        {
            _weights.Clear();
            return ([], _weights.Gradients);
        }

        Forward(batch, keep: true);
        var found = new float[batch.Rows.Length];
        if (ahead is null || found.Length <= _rowsAtOnce)
        {
            Predict(batch, found);
            ahead = slope(found);
        }

        BackwardFromLogits(batch, ahead, found);
        for (var layer = _config.Layers - 1; layer >= _lowest; layer--)
        {
            // Of the last layer everything is still there.
            if (_options.ActivationCheckpointing && layer + 1 < _config.Layers) ForwardLayer(batch, layer, _inputs[layer], _layers[0]);
            BackwardLayer(batch, layer);
        }

        if (!_weights.Trains(DecoderLayout.Embedding)) return (found, _weights.Gradients);
        var d = _config.HiddenSize;
        for (var n = 0; n < batch.Ids.Length; n++) CpuKernels.Add(_dX.Data + (long)n * d, _weights.Slopes(DecoderLayout.Embedding) + (long)batch.Ids[n] * d, d);
        return (found, _weights.Gradients);
    }

    public void Dispose()
    {
        foreach (var input in _inputs) input.Dispose();
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

    /// <param name="keep">Whether what the backward pass needs is kept: all that the layers compute, or their inputs only where the rest is computed again.</param>
    private void Forward(TokenBatch batch, bool keep)
    {
        var (c, rows, d) = (_config, batch.Ids.Length, _config.HiddenSize);
        _weights.Rounding = keep && _options.Precision == ComputePrecision.BFloat16; // reading is float32 always
        while (_inputs.Count < (keep ? c.Layers : 1)) _inputs.Add(new CpuMatrix(d));
        while (_layers.Count < (keep && !_options.ActivationCheckpointing ? c.Layers : 1)) _layers.Add(new Activations(c));
        Place(batch);
        var x = _inputs[0].Resize(rows);
        var embedding = _weights.Values(DecoderLayout.Embedding);
        for (var n = 0; n < rows; n++) Copy(embedding + (long)batch.Ids[n] * d, x.Data + (long)n * d, d);
        for (var layer = 0; layer < c.Layers; layer++)
        {
            var (a, last) = (_layers[Kept(keep, layer)], layer + 1 == c.Layers);
            ForwardLayer(batch, layer, x, a);
            x = (last ? _top : _inputs[keep ? layer + 1 : 0]).Resize(a.Middle.Rows);
            Copy(a.Middle.Data, x.Data, (long)x.Rows * d);
            _weights.Product(x, a.Activated, _layout.Layers[layer].Down, add: true);
        }

        CpuKernels.Norm(_top.Data, _weights.Values(_layout.FinalNorm), _norm.Resize(_top.Rows).Data, _inverse.Resize(_top.Rows).Data, _top.Rows, d, (float)c.NormEpsilon);
    }

    /// <summary>Which of the kept activations a layer's are.</summary>
    private int Kept(bool keep, int layer) => keep && !_options.ActivationCheckpointing ? layer : 0;

    /// <summary>All of a layer but its last product.</summary>
    private void ForwardLayer(TokenBatch batch, int layer, CpuMatrix x, Activations a)
    {
        var (c, rows, d) = (_config, batch.Ids.Length, _config.HiddenSize);
        var at = _layout.Layers[layer];
        a.Resize(rows);
        CpuKernels.Norm(x.Data, _weights.Values(at.InputNorm), a.InputNorm.Data, a.InputInverse.Data, rows, d, (float)c.NormEpsilon);
        _weights.Product(a.Qkv, a.InputNorm, at.QueryKeyValue);
        if (at.QueryKeyValueBias >= 0) CpuKernels.AddToRows(_weights.Values(at.QueryKeyValueBias), a.Qkv.Data, rows, a.Qkv.Columns);
        Turn(a, at, rows);
        for (var s = 0; s < batch.Sequences; s++)
        {
            var (start, length) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
            _attention.Forward(a.Queries.At(start), a.Qkv.At(start), a.Mixed.At(start), a.LogSums.At(start), length, at.Window);
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
    }

    /// <summary>Log-probabilities of the predicted tokens; leaves the softmax of every predicted row in the logits' place where they are held in one piece.</summary>
    private float[] Predict(TokenBatch batch, float[] found)
    {
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

    /// <param name="found">Log-probabilities, filled where the logits are in pieces.</param>
    private void BackwardFromLogits(TokenBatch batch, float[] slopes, float[] found)
    {
        var (all, d) = (batch.Rows.Length, _config.HiddenSize);
        _dNorm.Resize(all);
        for (var first = 0; first < all; first += _rowsAtOnce)
        {
            var count = Math.Min(_rowsAtOnce, all - first);
            var norm = count == all ? _norm : Predict(batch, first, count, found);
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
        var (c, a, at, last) = (_config, _layers[Kept(true, layer)], _layout.Layers[layer], layer + 1 == _config.Layers);
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
        CpuKernels.NormBackward(_inputs[layer].Data, _weights.Values(at.InputNorm), a.InputInverse.Data, _dNorm.Data, _dX.Data, _weights.Slopes(at.InputNorm), rows, d);
    }

    private void Place(TokenBatch batch)
    {
        if (_positions.Length < batch.Ids.Length) _positions = new int[batch.Ids.Length];
        for (var s = 0; s < batch.Sequences; s++)
        {
            for (var i = batch.Starts[s]; i < batch.Starts[s + 1]; i++) _positions[i] = i - batch.Starts[s];
        }

        _rotary.Reserve(batch.Longest);
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

        private CpuMatrix[] Lower => [InputNorm, InputInverse, Qkv, HeadInverse, Queries, LogSums, Mixed];

        private CpuMatrix[] Upper => [Middle, PostNorm, PostInverse, Inner, Activated];

        public void Resize(int rows)
        {
            foreach (var matrix in Lower) matrix.Resize(rows);
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
