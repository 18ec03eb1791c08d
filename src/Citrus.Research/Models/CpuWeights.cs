using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Models;

/// <summary>A decoder's weights as <see cref="CpuEngine"/> multiplies with them, its adapter's included, and the gradients of those that are trained.</summary>
/// <remarks>What is not trained has no gradient: neither memory nor a product is spent on it.</remarks>
internal sealed unsafe class CpuWeights : IDisposable
{
    private readonly Tensor[] _weights, _turned;
    private readonly Tensor?[] _rounded;
    private readonly bool[] _roundedYet;
    private readonly int[] _trained;
    private readonly nint[] _values;
    private readonly nint[] _slopes;
    private readonly Pair[][] _pairs;
    private readonly Tensor[] _trainable;
    private readonly List<Tensor> _gradients = [];
    private readonly float _scale;
    private readonly CpuMatrix _unwanted = new(1);

    public CpuWeights(Decoder decoder, DecoderLayout layout, ComputePrecision precision)
    {
        if (decoder.WeightType != ScalarType.Float32)
            throw new ArgumentException($"The CPU computes with float32 weights; this decoder's are {decoder.WeightType}. Load it as float32.");
        _weights = [.. decoder.Parameters.Select(p => p.Value)];
        _turned = [.. _weights.Select(w => w.dim() == 2 ? w.t().DetachFromDisposeScope() : w)];
        _rounded = [.. _weights.Select((w, i) => precision == ComputePrecision.BFloat16 && w.dim() == 2 && i != DecoderLayout.Embedding && i != layout.Head ? empty_like(w, bfloat16).DetachFromDisposeScope() : null)];
        _roundedYet = new bool[_weights.Length];
        _values = [.. _weights.Select(w => (nint)CpuMatrix.Address(w))];
        _slopes = new nint[_weights.Length];
        var trainable = decoder.Trainable;
        _trainable = [.. trainable.Select(p => p.Value)];
        _trained = [.. decoder.Parameters.Select(p => IndexOf(trainable, p))];
        _scale = (float)(decoder.Adapter?.Scale ?? 0);
        _pairs = [.. _weights.Select((_, i) => decoder.Adapter?.Pairs.Where(p => p.Parameter == i).Select(p => new Pair(p, IndexOf(trainable, p.A), IndexOf(trainable, p.B))).ToArray() ?? [])];
    }

    /// <summary>Whether products are rounded to bfloat16.</summary>
    public bool Rounding { get; set; }

    /// <summary>One for each of the decoder's trainable parameters, in their order.</summary>
    public IReadOnlyList<Tensor> Gradients => _gradients;

    /// <summary>First of the weights.</summary>
    public float* Values(int index) => (float*)_values[index];

    /// <summary>First of the gradients; where the weights are not trained, memory that nobody reads.</summary>
    public float* Slopes(int index) => _trained[index] >= 0 ? (float*)_slopes[index] : _unwanted.Reserve(_weights[index].numel());

    /// <summary>Whether the weights are trained themselves.</summary>
    public bool Trains(int index) => _trained[index] >= 0;

    /// <summary>Whether the weights or an update of them are trained.</summary>
    public bool Learns(int index) => index >= 0 && (_trained[index] >= 0 || _pairs[index].Length > 0);

    /// <summary>Begins a step: sums that are added to start from 0.</summary>
    public void Begin()
    {
        if (_gradients.Count == 0)
        {
            foreach (var weight in _trainable) _gradients.Add(zeros_like(weight).DetachFromDisposeScope());
            for (var i = 0; i < _trained.Length; i++) if (_trained[i] >= 0) _slopes[i] = (nint)CpuMatrix.Address(_gradients[_trained[i]]);
        }

        for (var i = 0; i < _weights.Length; i++)
        {
            if (_trained[i] >= 0 && (_weights[i].dim() == 1 || i == DecoderLayout.Embedding)) _gradients[_trained[i]].zero_();
            if (_rounded[i] is not { } rounded || (_roundedYet[i] && _trained[i] < 0)) continue;
            rounded.copy_(_weights[i]);
            _roundedYet[i] = true;
        }
    }

    public void Clear()
    {
        foreach (var gradient in _gradients) gradient.zero_();
    }

    /// <summary>y = x W^T, or y += x W^T.</summary>
    public void Product(CpuMatrix y, CpuMatrix x, int weight, bool add = false)
    {
        if (Rounding && _rounded[weight] is { } rounded)
        {
            using var turned = rounded.t();
            using var factor = x.View.to(bfloat16);
            using var product = factor.mm(turned);
            if (add) y.View.PlusInPlace(product);
            else y.View.copy_(product);
        }
        else
        {
            y.View.addmm_(x.View, _turned[weight], beta: add ? 1 : 0, alpha: 1);
        }

        foreach (var pair in _pairs[weight])
        {
            using var part = y.View.narrow(1, pair.First, pair.Rows);
            pair.Low.Resize(x.Rows).View.addmm_(x.View, pair.TurnedA, beta: 0, alpha: 1);
            part.addmm_(pair.Low.View, pair.TurnedB, beta: 1, alpha: _scale);
        }
    }

    /// <summary>dx = dy W, and the gradient dy^T x where the weights are trained.</summary>
    /// <param name="more">Whether the gradient is added to what earlier rows gave; that of the embedding always is, as it may be the output layer too.</param>
    public void ProductBackward(CpuMatrix dx, CpuMatrix dy, CpuMatrix x, int weight, bool more = false)
    {
        if (Rounding && _rounded[weight] is { } rounded)
        {
            using var slope = dy.View.to(bfloat16);
            using var below = slope.mm(rounded);
            dx.View.copy_(below);
            if (_trained[weight] >= 0)
            {
                using var slopeTurned = slope.t();
                using var factor = x.View.to(bfloat16);
                using var gradient = slopeTurned.mm(factor);
                _gradients[_trained[weight]].copy_(gradient);
            }
        }
        else
        {
            dx.View.addmm_(dy.View, _weights[weight], beta: 0, alpha: 1);
            if (_trained[weight] >= 0)
            {
                using var turned = dy.View.t();
                _gradients[_trained[weight]].addmm_(turned, x.View, beta: more || weight == DecoderLayout.Embedding ? 1 : 0, alpha: 1);
            }
        }

        foreach (var pair in _pairs[weight])
        {
            using var part = dy.View.narrow(1, pair.First, pair.Rows);
            using var partTurned = part.t();
            _gradients[pair.IndexB].addmm_(partTurned, pair.Low.View, beta: more ? 1 : 0, alpha: _scale);
            pair.LowSlope.Resize(dy.Rows).View.addmm_(part, pair.B, beta: 0, alpha: _scale);
            using var lowTurned = pair.LowSlope.View.t();
            _gradients[pair.IndexA].addmm_(lowTurned, x.View, beta: more ? 1 : 0, alpha: 1);
            dx.View.addmm_(pair.LowSlope.View, pair.A, beta: 1, alpha: 1);
        }
    }

    public void Dispose()
    {
        foreach (var gradient in _gradients) gradient.Dispose();
        foreach (var turned in _turned.Where(t => t.dim() == 2)) turned.Dispose();
        foreach (var rounded in _rounded) rounded?.Dispose();
        foreach (var pair in _pairs.SelectMany(p => p)) pair.Dispose();
        _unwanted.Dispose();
    }

    private static int IndexOf(IReadOnlyList<DecoderParameter> list, DecoderParameter parameter)
    {
        for (var i = 0; i < list.Count; i++) if (ReferenceEquals(list[i], parameter)) return i;
        return -1;
    }

    /// <summary>An update of some rows of a tensor; keeps x A^T of the last product.</summary>
    private sealed class Pair(LoraPair pair, int indexA, int indexB) : IDisposable
    {
        public int First => pair.FirstRow;

        public int Rows => pair.Rows;

        public int IndexA => indexA;

        public int IndexB => indexB;

        public Tensor A => pair.A.Value;

        public Tensor B => pair.B.Value;

        public Tensor TurnedA { get; } = pair.A.Value.t().DetachFromDisposeScope();

        public Tensor TurnedB { get; } = pair.B.Value.t().DetachFromDisposeScope();

        public CpuMatrix Low { get; } = new((int)pair.A.Value.shape[0]);

        public CpuMatrix LowSlope { get; } = new((int)pair.A.Value.shape[0]);

        public void Dispose()
        {
            TurnedA.Dispose();
            TurnedB.Dispose();
            Low.Dispose();
            LowSlope.Dispose();
        }
    }
}
