using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>A decoder's own weights, to be written.</summary>
internal sealed class DecoderWeights : IWeightSource
{
    private readonly Dictionary<string, (torch.Tensor Whole, long Row)> _where = new(StringComparer.Ordinal);

    public DecoderWeights(Decoder decoder)
    {
        var entries = new List<WeightEntry>();
        foreach (var parameter in decoder.Parameters)
        {
            var row = 0L;
            foreach (var (name, rows) in parameter.Parts)
            {
                entries.Add(new WeightEntry(name, [rows, .. parameter.Value.shape.Skip(1)], decoder.WeightType));
                _where[name] = (parameter.Value, row);
                row += rows;
            }
        }

        Entries = entries;
    }

    /// <inheritdoc/>
    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <inheritdoc/>
    public torch.Tensor Rows(WeightEntry entry, long first, long count)
    {
        using var scope = torch.NewDisposeScope();
        using var grad = torch.no_grad();
        var (whole, row) = _where[entry.Name];
        return whole.detach().narrow(0, row + first, count).cpu().contiguous().MoveToOuterDisposeScope();
    }
}
