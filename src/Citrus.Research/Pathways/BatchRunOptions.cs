using Citrus.Research.Experts;

namespace Citrus.Research.Pathways;

/// <summary>How a batch folder is worked on.</summary>
public sealed record BatchRunOptions
{
    /// <summary>The pathway, where it is not the plan's name with its defaults.</summary>
    public IPathway? Pathway { get; init; }

    /// <summary>Opens a target's server; the key comes from the environment where null.</summary>
    public Func<BatchTarget, BatchApi>? Api { get; init; }

    /// <summary>Told the name of whatever was just written or sent; a test stops there.</summary>
    internal Action<string>? Persisted { get; init; }
}
