using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>One tensor of a set of weights.</summary>
/// <param name="Name">Hugging Face name.</param>
/// <param name="Shape">Sizes, <c>[outputs, inputs]</c> or <c>[width]</c>.</param>
/// <param name="Type">Element type in which it lies there.</param>
internal sealed record WeightEntry(string Name, long[] Shape, torch.ScalarType Type)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => a * b);

    /// <summary>Elements of one row; 1 of a vector.</summary>
    public long Width => Shape.Skip(1).Aggregate(1L, (a, b) => a * b);
}
