using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>The engine for the CPU: libtorch multiplies matrices, everything between is fused (<see cref="CpuKernels"/>), and derivatives are written out.</summary>
/// <remarks>
/// Sequences are packed without padding and attention skips the future, which together with far fewer calls makes a training step of a small student several times
/// faster than tensor operations with automatic derivatives. <see cref="TorchEngine"/> computes the same and is what this is tested against.
/// </remarks>
internal sealed unsafe class CpuEngine : IDecoderEngine
{
    private readonly DecoderConfig _config;
    private readonly ComputePrecision _precision;
    private readonly Tensor[] _weights, _turned, _gradients;
    private readonly Tensor?[] _rounded;
    private readonly nint[] _gains, _slopes;
    private readonly float* _cosines, _sines;
    private readonly Tensor _cosineTable, _sineTable;
    private readonly CpuAttention _attention;
    private readonly List<Activations> _layers = [];
    private readonly CpuMatrix _top, _norm, _inverse, _mixed, _dMixedLeft, _logits, _dTop, _dX, _dNorm, _dMixed, _dQueries, _dQkv, _dActivated;
    private int[] _positions = [];
    private bool _rounding;

    public CpuEngine(Decoder decoder, ComputePrecision precision = ComputePrecision.Float32)
    {
        _precision = precision;
        var c = _config = decoder.Config;
        _weights = [.. decoder.Parameters.Select(p => p.Value)];
        _turned = [.. _weights.Select(w => w.dim() == 2 ? w.t().DetachFromDisposeScope() : w)];
        _gradients = [.. _weights.Select(w => zeros_like(w).DetachFromDisposeScope())];
        _rounded = [.. _weights.Select((w, i) => precision == ComputePrecision.BFloat16 && w.dim() == 2 && i != 0 && i != HeadIndex ? empty_like(w, bfloat16).DetachFromDisposeScope() : null)];
        _gains = [.. _weights.Select(w => (nint)CpuMatrix.Address(w))];
        _slopes = [.. _gradients.Select(g => (nint)CpuMatrix.Address(g))];
        var (cosines, sines) = RotaryTable.Angles(c.MaxPositions, c.HeadSize, c.RopeTheta);
        (_cosineTable, _sineTable) = (tensor(cosines).DetachFromDisposeScope(), tensor(sines).DetachFromDisposeScope());
        _cosines = CpuMatrix.Address(_cosineTable);
        _sines = CpuMatrix.Address(_sineTable);
        _attention = new CpuAttention(c);
        var (d, heads) = (c.HiddenSize, c.Heads + c.KeyValueHeads);
        (_top, _norm, _inverse, _logits) = (new(d), new(d), new(1), new(c.VocabularySize));
        (_mixed, _dMixedLeft) = (new(c.Heads * c.HeadSize), new(c.Heads * c.HeadSize));
        (_dTop, _dX, _dNorm, _dMixed) = (new(d), new(d), new(d), new(c.Heads * c.HeadSize));
        (_dQueries, _dQkv, _dActivated) = (new(heads * c.HeadSize), new((heads + c.KeyValueHeads) * c.HeadSize), new(c.IntermediateSize));
    }

    private int Last => 1 + 8 * _config.Layers;

    private int HeadIndex => _config.TiedEmbeddings ? 0 : Last + 1;

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
        Product(_logits.Resize(batch.Sequences), _norm, HeadIndex);
        return new ReadOnlySpan<float>(_logits.Data, batch.Sequences * _config.VocabularySize).ToArray();
    }

    public IReadOnlyList<Tensor> Gradients(TokenBatch batch, Func<float[], float[]> slope)
    {
        using var grad = no_grad();
        foreach (var i in Enumerable.Range(0, _weights.Length).Where(i => _weights[i].dim() == 1 || i == 0)) _gradients[i].zero_();
        if (batch.Rows.Length == 0)
        {
            foreach (var gradient in _gradients) gradient.zero_();
            return _gradients;
        }

        for (var i = 0; i < _rounded.Length; i++) _rounded[i]?.copy_(_weights[i]);
        Forward(batch, keep: true);
        BackwardFromLogits(batch, slope(Predict(batch)));
        for (var layer = _config.Layers - 1; layer >= 0; layer--) BackwardLayer(batch, layer);
        var d = _config.HiddenSize;
        for (var n = 0; n < batch.Ids.Length; n++) CpuKernels.Add(_dX.Data + (long)n * d, (float*)_slopes[0] + (long)batch.Ids[n] * d, d);
        return _gradients;
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        foreach (var matrix in new[] { _top, _norm, _inverse, _mixed, _dMixedLeft, _logits, _dTop, _dX, _dNorm, _dMixed, _dQueries, _dQkv, _dActivated }) matrix.Dispose();
        foreach (var gradient in _gradients) gradient.Dispose();
        foreach (var turned in _turned.Where(t => t.dim() == 2)) turned.Dispose();
        foreach (var rounded in _rounded) rounded?.Dispose();
        _attention.Dispose();
        _cosineTable.Dispose();
        _sineTable.Dispose();
    }

    private void Forward(TokenBatch batch, bool keep, IReadOnlyList<CpuMemory>? memories = null)
    {
        var (c, rows, d) = (_config, batch.Ids.Length, _config.HiddenSize);
        _rounding = keep && _precision == ComputePrecision.BFloat16; // reading is float32 always
        var layers = keep ? c.Layers : 1;
        while (_layers.Count < layers) _layers.Add(new Activations(c));
        Place(batch, memories);
        var x = _layers[0].Input.Resize(rows);
        var embedding = (float*)_gains[0];
        for (var n = 0; n < rows; n++) Copy(embedding + (long)batch.Ids[n] * d, x.Data + (long)n * d, d);
        for (var layer = 0; layer < c.Layers; layer++)
        {
            var a = _layers[keep ? layer : 0].Resize(rows);
            var at = 1 + 8 * layer;
            CpuKernels.Norm(x.Data, (float*)_gains[at], a.InputNorm.Data, a.InputInverse.Data, rows, d, (float)c.NormEpsilon);
            Product(a.Qkv, a.InputNorm, at + 1);
            Turn(a, at, rows);
            for (var s = 0; s < batch.Sequences; s++)
            {
                var (start, length) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
                memories?[s].Append(layer, a.Queries.At(start), a.Qkv.At(start), length);
                if (memories is null || memories[s].Length == 0) _attention.Forward(a.Queries.At(start), a.Qkv.At(start), a.Mixed.At(start), a.LogSums.At(start), length);
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

            Product(a.Middle, mixed, at + 4, add: true);
            CpuKernels.Norm(a.Middle.Data, (float*)_gains[at + 5], a.PostNorm.Data, a.PostInverse.Data, left, d, (float)c.NormEpsilon);
            Product(a.Inner, a.PostNorm, at + 6);
            CpuKernels.SwiGlu(a.Inner.Data, a.Activated.Data, left, c.IntermediateSize);
            x = (last ? _top : _layers[keep ? layer + 1 : 0].Input).Resize(left);
            Copy(a.Middle.Data, x.Data, (long)left * d);
            Product(x, a.Activated, at + 7, add: true);
        }

        CpuKernels.Norm(_top.Data, (float*)_gains[Last], _norm.Resize(_top.Rows).Data, _inverse.Resize(_top.Rows).Data, _top.Rows, d, (float)c.NormEpsilon);
    }

    /// <summary>Log-probabilities of the predicted tokens; leaves the softmax of every predicted row in the logits' place.</summary>
    private float[] Predict(TokenBatch batch)
    {
        var (count, vocabulary) = (batch.Rows.Length, _config.VocabularySize);
        Product(_logits.Resize(count), _norm, HeadIndex);
        var found = new float[count];
        for (var i = 0; i < count; i++)
        {
            var logits = _logits.At(i);
            var logit = logits[batch.Targets[i]];
            found[i] = logit - CpuKernels.Softmax(logits, vocabulary);
        }

        return found;
    }

    private void BackwardFromLogits(TokenBatch batch, float[] slopes)
    {
        var (count, d) = (batch.Rows.Length, _config.HiddenSize);
        for (var i = 0; i < count; i++)
        {
            var logits = _logits.At(i);
            CpuKernels.Scale(logits, -slopes[i], _config.VocabularySize);
            logits[batch.Targets[i]] += slopes[i];
        }

        ProductBackward(_dNorm.Resize(count), _logits, _norm, HeadIndex);
        Clear(_dTop.Resize(count));
        CpuKernels.NormBackward(_top.Data, (float*)_gains[Last], _inverse.Data, _dNorm.Data, _dTop.Data, (float*)_slopes[Last], count, d);
    }

    private void BackwardLayer(TokenBatch batch, int layer)
    {
        var (c, a, at, last) = (_config, _layers[layer], 1 + 8 * layer, layer + 1 == _config.Layers);
        var (rows, d, left) = (batch.Ids.Length, _config.HiddenSize, last ? batch.Rows.Length : batch.Ids.Length);
        var upper = last ? _dTop : _dX;
        ProductBackward(_dActivated.Resize(left), upper, a.Activated, at + 7);
        CpuKernels.SwiGluBackward(a.Inner.Data, _dActivated.Data, left, c.IntermediateSize);
        ProductBackward(_dNorm.Resize(left), a.Inner, a.PostNorm, at + 6);
        CpuKernels.NormBackward(a.Middle.Data, (float*)_gains[at + 5], a.PostInverse.Data, _dNorm.Data, upper.Data, (float*)_slopes[at + 5], left, d);
        if (last)
        {
            ProductBackward(_dMixedLeft.Resize(left), upper, _mixed, at + 4);
            Scatter(_dMixedLeft, batch.Rows, _dMixed.Resize(rows));
            Scatter(upper, batch.Rows, _dX.Resize(rows));
        }
        else
        {
            ProductBackward(_dMixed.Resize(rows), upper, a.Mixed, at + 4);
        }

        _dQueries.Resize(rows);
        _dQkv.Resize(rows);
        for (var s = 0; s < batch.Sequences; s++)
        {
            var (start, length) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
            _attention.Backward(a.Queries.At(start), a.Qkv.At(start), a.LogSums.At(start), _dMixed.At(start), _dQueries.At(start), _dQkv.At(start), length);
        }

        TurnBackward(a, at, rows);
        ProductBackward(_dNorm.Resize(rows), _dQkv, a.InputNorm, at + 1);
        CpuKernels.NormBackward(a.Input.Data, (float*)_gains[at], a.InputInverse.Data, _dNorm.Data, _dX.Data, (float*)_slopes[at], rows, d);
    }

    private void Place(TokenBatch batch, IReadOnlyList<CpuMemory>? memories)
    {
        if (_positions.Length < batch.Ids.Length) _positions = new int[batch.Ids.Length];
        for (var s = 0; s < batch.Sequences; s++)
        {
            for (var i = batch.Starts[s]; i < batch.Starts[s + 1]; i++) _positions[i] = i - batch.Starts[s] + (memories?[s].Length ?? 0);
        }
    }

    private void Turn(Activations a, int at, int rows)
    {
        var (heads, all, size) = (_config.Heads, _config.Heads + _config.KeyValueHeads, _config.HeadSize);
        for (var n = 0; n < rows; n++)
        {
            float* cosines = _cosines + _positions[n] * (size / 2), sines = _sines + _positions[n] * (size / 2);
            for (var h = 0; h < all; h++)
            {
                var gain = (float*)_gains[h < heads ? at + 2 : at + 3];
                a.HeadInverse.Data[n * all + h] = CpuKernels.NormAndTurn(a.Qkv.At(n) + h * size, gain, cosines, sines, a.Queries.At(n) + h * size, size, (float)_config.NormEpsilon);
            }
        }
    }

    private void TurnBackward(Activations a, int at, int rows)
    {
        var (heads, all, size) = (_config.Heads, _config.Heads + _config.KeyValueHeads, _config.HeadSize);
        for (var n = 0; n < rows; n++)
        {
            float* cosines = _cosines + _positions[n] * (size / 2), sines = _sines + _positions[n] * (size / 2);
            for (var h = 0; h < all; h++)
            {
                var norm = h < heads ? at + 2 : at + 3;
                CpuKernels.NormAndTurnBackward(
                    a.Qkv.At(n) + h * size, (float*)_gains[norm], a.HeadInverse.Data[n * all + h], cosines, sines,
                    _dQueries.At(n) + h * size, _dQkv.At(n) + h * size, (float*)_slopes[norm], size);
            }
        }
    }

    /// <summary>y = x W^T, or y += x W^T.</summary>
    private void Product(CpuMatrix y, CpuMatrix x, int weight, bool add = false)
    {
        if (!_rounding || _rounded[weight] is not { } rounded)
        {
            y.View.addmm_(x.View, _turned[weight], beta: add ? 1 : 0, alpha: 1);
            return;
        }

        using var turned = rounded.t();
        using var factor = x.View.to(bfloat16);
        using var product = factor.mm(turned);
        if (add) y.View.PlusInPlace(product);
        else y.View.copy_(product);
    }

    /// <summary>dx = dy W, and the weight's gradient dy^T x (added to the embedding's where that is the output layer too).</summary>
    private void ProductBackward(CpuMatrix dx, CpuMatrix dy, CpuMatrix x, int weight)
    {
        if (_rounding && _rounded[weight] is { } rounded)
        {
            using var slope = dy.View.to(bfloat16);
            using var slopeTurned = slope.t();
            using var factor = x.View.to(bfloat16);
            using var below = slope.mm(rounded);
            using var gradient = slopeTurned.mm(factor);
            dx.View.copy_(below);
            _gradients[weight].copy_(gradient);
            return;
        }

        dx.View.addmm_(dy.View, _weights[weight], beta: 0, alpha: 1);
        using var turned = dy.View.t();
        _gradients[weight].addmm_(turned, x.View, beta: weight == 0 ? 1 : 0, alpha: 1);
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
