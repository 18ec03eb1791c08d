using Citrus.Research.Models;
using Citrus.Research.Models.Native;
using static TorchSharp.torch;

namespace Citrus.Research.Training;

/// <summary>AdamW in libtorch's fused kernels: one pass over memory for many tensors. Sums and weights are float32; where a decoder's weights are narrower, they are rounded from a float32 copy.</summary>
/// <remarks>Large tensors go in blocks of rows, so that gradients in float32 exist of one group of blocks at a time.</remarks>
internal sealed class FusedAdamW : IDisposable
{
    /// <summary>Elements of one group: 256 MB of gradients in float32.</summary>
    private const long GroupSize = 1 << 26;

    private readonly OptimizerOptions _options;
    private readonly List<Group> _groups = [];

    /// <param name="values">The float32 weights (copies, where the decoder's own are narrower) of the given parameters, with their moments.</param>
    public FusedAdamW(OptimizerOptions options, IEnumerable<(int Index, DecoderParameter Parameter, Tensor Value, Tensor First, Tensor Second)> values)
    {
        _options = options;
        foreach (var (index, parameter, value, first, second) in values)
        {
            var (rate, decay) = (options.AdamRateOf(parameter.Role), options.DecayOf(parameter.Role));
            var most = Math.Max(1, GroupSize / Math.Max(1, value.numel() / value.shape[0]));
            for (var row = 0L; row < value.shape[0]; row += most)
            {
                var rows = Math.Min(most, value.shape[0] - row);
                var block = new Block(index, row, rows, View(value), View(first), View(second));
                var group = _groups.LastOrDefault(g => g.Rate == rate && g.Decay == decay && g.Elements + block.Value.numel() <= GroupSize);
                if (group is null) _groups.Add(group = new Group(rate, decay, []));
                group.Blocks.Add(block);
                Tensor View(Tensor of) => of.narrow(0, row, rows).DetachFromDisposeScope();
            }
        }
    }

    /// <param name="gradients">Of all parameters, those that this does not move included.</param>
    /// <param name="step">Number of this step, from 1 on.</param>
    /// <param name="rate">Factor of all rates.</param>
    /// <param name="divisor">Gradients are divided by it.</param>
    public void Step(IReadOnlyList<Tensor> gradients, long step, double rate, Tensor divisor)
    {
        foreach (var group in _groups)
        {
            using var scope = NewDisposeScope();
            var steps = full([], ((double)step).Held(), float32, divisor.device);
            Tensor[] found = [.. group.Blocks.Select(b => gradients[b.Parameter].narrow(0, b.Row, b.Rows).to(float32).contiguous())];
            Tensor[] values = [.. group.Blocks.Select(b => b.Value)];
            TorchScript.AdamW(
                values, found, [.. group.Blocks.Select(b => b.First)], [.. group.Blocks.Select(b => b.Second)], steps,
                rate * group.Rate, _options.AdamBeta1, _options.AdamBeta2, group.Decay, _options.AdamEpsilon, divisor);
        }
    }

    public void Dispose()
    {
        foreach (var block in _groups.SelectMany(g => g.Blocks))
        {
            foreach (var view in (Tensor[])[block.Value, block.First, block.Second]) view.Dispose();
        }
    }

    private sealed record Block(int Parameter, long Row, long Rows, Tensor Value, Tensor First, Tensor Second);

    private sealed record Group(double Rate, double Decay, List<Block> Blocks)
    {
        public long Elements => Blocks.Sum(b => b.Value.numel());
    }
}
