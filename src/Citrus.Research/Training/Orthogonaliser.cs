using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>Nearly the closest matrix with orthonormal rows (or columns, where those are fewer), by five Newton-Schulz steps with Jordan's quintic.</summary>
/// <remarks>One for each shape; works in its own memory. Matrix by matrix: libtorch's batched product runs at half the speed for these sizes on a CPU.</remarks>
internal sealed class Orthogonaliser : IDisposable
{
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;

    private readonly bool _tall;
    private readonly Tensor _gram, _polynomial;
    private Tensor _x, _xTurned, _y, _yTurned;

    public Orthogonaliser(long rows, long columns, Device device, ComputePrecision precision = ComputePrecision.Float32)
    {
        _tall = rows > columns;
        var (few, many) = (Math.Min(rows, columns), Math.Max(rows, columns));
        using var scope = NewDisposeScope();
        Tensor Room(long width) => empty([few, width], precision == ComputePrecision.BFloat16 ? bfloat16 : float32, device).DetachFromDisposeScope();
        (_gram, _polynomial, _x, _y) = (Room(few), Room(few), Room(many), Room(many));
        (_xTurned, _yTurned) = (_x.t().DetachFromDisposeScope(), _y.t().DetachFromDisposeScope());
    }

    /// <returns>A view of own memory with the given matrix's shape, valid until the next call.</returns>
    public Tensor Direction(Tensor matrix)
    {
        _x.copy_(_tall ? matrix.t() : matrix);
        _x.div_(_x.norm().Plus(1e-7));
        for (var i = 0; i < 5; i++)
        {
            // Not baddbmm or addmm: TorchSharp 0.107 hands baddbmm's arguments over in the wrong order, and in place nothing is allocated.
            _gram.addmm_(_x, _xTurned, beta: 0, alpha: 1);
            _polynomial.copy_(_gram);
            _polynomial.addmm_(_gram, _gram, beta: B, alpha: C);
            _y.copy_(_x);
            _y.addmm_(_polynomial, _x, beta: A, alpha: 1);
            (_x, _xTurned, _y, _yTurned) = (_y, _yTurned, _x, _xTurned);
        }

        return _tall ? _xTurned : _x;
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _gram, _polynomial, _x, _xTurned, _y, _yTurned }) tensor.Dispose();
    }
}
