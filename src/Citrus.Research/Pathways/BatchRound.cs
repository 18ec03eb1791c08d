namespace Citrus.Research.Pathways;

/// <summary>One question, one call: everything that can be asked at the same time. Its <c>rounds/round-NNN.ids.json</c>.</summary>
public sealed record BatchRound
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required IReadOnlyList<BatchJob> Jobs { get; init; }

    /// <summary>Whether everything that will come has come, and what did not has been noted.</summary>
    public bool Closed { get; init; }
}
