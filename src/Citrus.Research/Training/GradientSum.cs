using Citrus.Research.Models;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>The sum of the gradients of a step's batches, in float32.</summary>
internal sealed class GradientSum : IDisposable
{
    private readonly Tensor[] _sums;

    public GradientSum(IReadOnlyList<DecoderParameter> parameters)
    {
        using var scope = NewDisposeScope();
        _sums = [.. parameters.Select(p => zeros(p.Value.shape, float32, p.Value.device).DetachFromDisposeScope())];
    }

    public IReadOnlyList<Tensor> Values => _sums;

    /// <param name="first">Whether to forget what was there.</param>
    public void Add(IReadOnlyList<Tensor> gradients, bool first)
    {
        using var grad = no_grad();
        for (var i = 0; i < _sums.Length; i++)
        {
            if (first) _sums[i].copy_(gradients[i]);
            else _sums[i].add_(gradients[i]);
        }
    }

    public void Dispose()
    {
        foreach (var sum in _sums) sum.Dispose();
    }
}
