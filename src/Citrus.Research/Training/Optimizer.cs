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
    private readonly Tensor[] _first;
    private readonly Tensor?[] _second;
    private readonly List<(int Parameter, int Row, int Rows, Orthogonaliser Orthogonaliser)> _pieces = [];
    private readonly Dictionary<(long, long), Orthogonaliser> _shapes = [];

    public Optimizer(IReadOnlyList<DecoderParameter> parameters, OptimizerOptions options, ComputePrecision precision = ComputePrecision.Float32)
    {
        options.Validate();
        (_options, _precision, _parameters) = (options, precision, [.. parameters]);
        using var scope = NewDisposeScope();
        _first = [.. parameters.Select(p => zeros_like(p.Value).DetachFromDisposeScope())];
        _second = [.. parameters.Select(p => ByMuon(p) ? null : zeros_like(p.Value).DetachFromDisposeScope())];
        for (var i = 0; i < _parameters.Length; i++)
        {
            var row = 0;
            foreach (var (_, rows) in _parameters[i].Parts)
            {
                if (ByMuon(_parameters[i])) _pieces.Add((i, row, rows, Shaped(rows, _parameters[i].Value)));
                row += rows;
            }
        }
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>Moments that a resumed run needs, in a fixed order.</summary>
    public IEnumerable<Tensor> State => _first.Concat(_second.OfType<Tensor>());

    /// <summary>Continues from a saved state whose moments were copied into <see cref="State"/>.</summary>
    public void ResumeAt(long steps) => Steps = steps;

    /// <param name="gradients">One for each parameter; may be overwritten.</param>
    /// <param name="rate">Factor of all rates: warm-up and decay.</param>
    public void Step(IReadOnlyList<Tensor> gradients, double rate)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (_options.ClipNorm is { } most) Clip(gradients, most);
        Steps++;
        var updates = new Tensor?[_parameters.Length];
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (ByMuon(_parameters[i])) updates[i] = Momentum(_first[i], gradients[i]);
            else Adam(i, gradients[i], rate);
        }

        foreach (var (i, row, rows, orthogonaliser) in _pieces)
        {
            using var piece = _parameters[i].Value.narrow(0, row, rows);
            var step = -_options.MuonRate * rate * Math.Sqrt(Math.Max(1, (double)rows / piece.shape[1]));
            if (_options.MatrixDecay > 0) piece.mul_((1 - _options.MuonRate * rate * _options.MatrixDecay).Held());
            piece.add_(orthogonaliser.Direction(updates[i]!.narrow(0, row, rows)), alpha: step.Held());
        }
    }

    public void Dispose()
    {
        foreach (var tensor in State) tensor.Dispose();
        foreach (var shape in _shapes.Values) shape.Dispose();
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
        var (value, role) = (_parameters[i].Value, _parameters[i].Role);
        var step = rate * (role == ParameterRole.Gain ? _options.GainRate ?? _options.AdamRate : _options.AdamRate);
        _first[i].mul_(b1.Held()).add_(gradient, alpha: (1 - b1).Held());
        _second[i]!.mul_(b2.Held()).addcmul_(gradient, gradient, value: (1 - b2).Held());
        if (_options.AdamDecay > 0 && role != ParameterRole.Gain) value.mul_((1 - step * _options.AdamDecay).Held());
        var spread = (_second[i]! / (1 - Math.Pow(b2, Steps)).Held()).sqrt_().PlusInPlace(_options.AdamEpsilon);
        value.addcdiv_(_first[i], spread, value: (-step / (1 - Math.Pow(b1, Steps))).Held());
    }

    private static void Clip(IReadOnlyList<Tensor> gradients, double most)
    {
        var norm = Math.Sqrt(gradients.Sum(g => (double)g.square().sum().item<float>()));
        if (norm <= most) return;
        foreach (var gradient in gradients) gradient.mul_((most / (norm + 1e-6)).Held());
    }
}
