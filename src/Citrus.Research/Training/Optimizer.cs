using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>Muon for hidden matrices and AdamW for the rest; see <see cref="OptimizerOptions"/>.</summary>
/// <remarks>Matrices that are multiplied together (query, key, value; gate, up) are orthogonalised apart.</remarks>
internal sealed class Optimizer : IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly ComputePrecision _precision;
    private readonly DecoderParameter[] _parameters;
    private readonly Tensor[] _values, _first;
    private readonly Tensor?[] _second;
    private readonly FusedAdamW? _fused;
    private readonly List<(int Parameter, int Row, int Rows, Orthogonaliser Orthogonaliser)> _pieces = [];
    private readonly Dictionary<(long, long), Orthogonaliser> _shapes = [];
    private Tensor? _norm;

    /// <param name="parameters">What is trained; gradients come in this order.</param>
    /// <param name="precision">Of Muon's own products.</param>
    /// <param name="fused">Whether AdamW runs in libtorch's fused kernels; by default on a GPU and where weights are narrower than float32. (Not for students on a CPU: their results stay as they were, bit for bit.)</param>
    public Optimizer(IReadOnlyList<DecoderParameter> parameters, OptimizerOptions options, ComputePrecision precision = ComputePrecision.Float32, bool? fused = null)
    {
        options.Validate();
        (_options, _precision, _parameters) = (options, precision, [.. parameters]);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        (_values, _first, _second) = OutOfDeviceMemoryException.Told(
            () =>
            {
                Tensor[] values = [.. parameters.Select(p => p.Value.dtype == ScalarType.Float32 ? p.Value : p.Value.to(float32).DetachFromDisposeScope())];
                Tensor[] first = [.. values.Select(v => zeros_like(v).DetachFromDisposeScope())];
                Tensor?[] second = [.. parameters.Select((p, i) => ByMuon(p) ? null : zeros_like(values[i]).DetachFromDisposeScope())];
                return (values, first, second);
            },
            () => FormattableString.Invariant($"making room for the moments of {parameters.Sum(p => p.Value.numel()) / 1e6:F0} million weights (8 bytes each, and 4 more where weights are narrower than float32)"),
            "Train a low-rank adapter instead of all weights, or freeze some.");
        if (fused ?? _values.Where((v, i) => v.device_type != TorchSharp.DeviceType.CPU || Rounded(i)).Any())
            _fused = new FusedAdamW(options, parameters.Select((p, i) => (i, p, _values[i], _first[i], _second[i]!)).Where(p => p.Item5 is not null));
        for (var i = 0; i < _parameters.Length; i++)
        {
            var row = 0;
            foreach (var (_, rows) in _parameters[i].Parts)
            {
                if (ByMuon(_parameters[i])) _pieces.Add((i, row, rows, Shaped(rows, _values[i])));
                row += rows;
            }
        }
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What a resumed run needs, in a fixed order: mean gradients, mean squared gradients, and the float32 weights of those that are narrower.</summary>
    public IEnumerable<Tensor> State => _first.Concat(_second.OfType<Tensor>()).Concat(_values.Where((_, i) => Rounded(i)));

    /// <summary>Norm of all gradients of the last step together, before they were clipped; null where clipping is off. Asking waits for the device.</summary>
    public double? GradientNorm => _norm?.item<float>();

    /// <summary>Continues from a saved state whose tensors were copied into <see cref="State"/>.</summary>
    public void ResumeAt(long steps) => Steps = steps;

    /// <param name="gradients">One for each parameter; may be overwritten.</param>
    /// <param name="rate">Factor of all rates: warm-up and decay.</param>
    public void Step(IReadOnlyList<Tensor> gradients, double rate)
    {
        if (gradients.Count != _parameters.Length) throw new ArgumentException($"{gradients.Count} gradients for {_parameters.Length} parameters; the optimiser takes one for each.");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var divisor = _fused is null ? null : ones([], float32, _values[0].device);
        if (_options.ClipNorm is { } most)
        {
            if (_fused is null) Clip(gradients, most);
            else divisor = Keep(TorchScript.Norm([.. gradients])).Plus(1e-6).div_(most.Held()).clamp_min_(1.0.Held());
        }

        Steps++;
        var updates = new Tensor?[_parameters.Length];
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (ByMuon(_parameters[i])) updates[i] = Momentum(_first[i], divisor is null ? gradients[i] : gradients[i].to(float32).div(divisor));
            else if (_fused is null) Adam(i, gradients[i], rate);
        }

        _fused?.Step(gradients, Steps, rate, divisor!);
        foreach (var (i, row, rows, orthogonaliser) in _pieces)
        {
            using var piece = _values[i].narrow(0, row, rows);
            var step = -_options.MuonRate * rate * Math.Sqrt(Math.Max(1, (double)rows / piece.shape[1]));
            if (_options.MatrixDecay > 0) piece.mul_((1 - _options.MuonRate * rate * _options.MatrixDecay).Held());
            piece.add_(orthogonaliser.Direction(updates[i]!.narrow(0, row, rows)), alpha: step.Held());
        }

        var rounded = Enumerable.Range(0, _parameters.Length).Where(Rounded).ToArray();
        if (rounded.Length > 0) TorchScript.Copy([.. rounded.Select(i => _parameters[i].Value)], [.. rounded.Select(i => _values[i])]);
    }

    public void Dispose()
    {
        foreach (var tensor in State) tensor.Dispose();
        foreach (var shape in _shapes.Values) shape.Dispose();
        _fused?.Dispose();
        _norm?.Dispose();
    }

    /// <summary>Whether the decoder holds a rounded copy of the weight that is optimised.</summary>
    private bool Rounded(int parameter) => !ReferenceEquals(_values[parameter], _parameters[parameter].Value);

    private Tensor Keep(Tensor norm)
    {
        _norm?.Dispose();
        return _norm = norm.DetachFromDisposeScope();
    }

    private Orthogonaliser Shaped(long rows, Tensor matrix)
    {
        if (!_shapes.TryGetValue((rows, matrix.shape[1]), out var found)) _shapes[(rows, matrix.shape[1])] = found = new Orthogonaliser(rows, matrix.shape[1], matrix.device, _precision);
        return found;
    }

    private bool ByMuon(DecoderParameter parameter) => _options.Muon && parameter.Role is (ParameterRole.Inner or ParameterRole.Outward);

    private Tensor Momentum(Tensor mean, Tensor gradient)
    {
        var beta = _options.MuonMomentum;
        mean.mul_(beta.Held()).add_(gradient, alpha: (1 - beta).Held());
        return (gradient * (1 - beta).Held()).add_(mean, alpha: beta.Held());
    }

    private void Adam(int i, Tensor gradient, double rate)
    {
        var (b1, b2) = (_options.AdamBeta1, _options.AdamBeta2);
        var (value, role) = (_values[i], _parameters[i].Role);
        var (step, decay) = (rate * _options.AdamRateOf(role), _options.DecayOf(role));
        _first[i].mul_(b1.Held()).add_(gradient, alpha: (1 - b1).Held());
        _second[i]!.mul_(b2.Held()).addcmul_(gradient, gradient, value: (1 - b2).Held());
        if (decay > 0) value.mul_((1 - step * decay).Held());
        var spread = (_second[i]! / (1 - Math.Pow(b2, Steps)).Held()).sqrt_().PlusInPlace(_options.AdamEpsilon);
        value.addcdiv_(_first[i], spread, value: (-step / (1 - Math.Pow(b1, Steps))).Held());
    }

    private void Clip(IReadOnlyList<Tensor> gradients, double most)
    {
        var norm = Math.Sqrt(gradients.Sum(g => (double)g.square().sum().item<float>()));
        Keep(full([], norm.Held(), float32));
        if (norm <= most) return;
        foreach (var gradient in gradients) gradient.mul_((most / (norm + 1e-6)).Held());
    }
}
