namespace Citrus.Research.Examples;

/// <summary>One supervised fine-tuning record: a conversation whose assistant turns are learned.</summary>
public sealed record Example
{
    public required string Id { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>Where it came from, e.g. <c>pathway:DualExpert</c>, <c>drill</c>; empty where unknown.</summary>
    public string Source { get; init; } = "";
}
