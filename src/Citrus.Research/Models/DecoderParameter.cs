using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>One tensor of a decoder; several Hugging Face tensors where they are multiplied in one go (query, key and value; gate and up).</summary>
/// <param name="Role">What it does.</param>
/// <param name="Value">The weights, float32, <c>[rows, inputs]</c> or <c>[width]</c> for gains.</param>
/// <param name="Parts">Hugging Face name and row count of each tensor that it holds, from row 0 on.</param>
public sealed record DecoderParameter(ParameterRole Role, torch.Tensor Value, IReadOnlyList<(string Name, int Rows)> Parts)
{
    /// <summary>Each part as a view of the weights, under its Hugging Face name.</summary>
    public IEnumerable<(string Name, torch.Tensor View)> Views(torch.Tensor? of = null)
    {
        var (whole, row) = (of ?? Value, 0);
        foreach (var (name, rows) in Parts)
        {
            yield return (name, Parts.Count == 1 ? whole.alias() : whole.narrow(0, row, rows));
            row += rows;
        }
    }
}
