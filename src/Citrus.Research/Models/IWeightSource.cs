using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>Weights under their Hugging Face names, read a few rows at a time, so that a checkpoint is converted without ever being in memory.</summary>
internal interface IWeightSource
{
    /// <summary>What there is, in the order to write it in.</summary>
    IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>Some rows of a tensor (elements of a vector), on the CPU, contiguous; the caller's to dispose.</summary>
    torch.Tensor Rows(WeightEntry entry, long first, long count);
}
