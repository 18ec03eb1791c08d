using TorchSharp;

namespace Citrus.Research.Models;

/// <summary>How a checkpoint is written.</summary>
public sealed record SaveOptions
{
    /// <summary>Element type of the weights in the file: float32, float16 or bfloat16; null is the one they have.</summary>
    public torch.ScalarType? Type { get; init; }

    /// <summary>Bytes of weights from which on the checkpoint is cut into shards with an index, each of at most so many (a larger tensor has a shard of its own); 5 GB, as Transformers has it.</summary>
    public long LargestShard { get; init; } = 5_000_000_000;

    /// <summary>Notes for the files' header, beside <c>format: pt</c>, which Transformers asks for.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
