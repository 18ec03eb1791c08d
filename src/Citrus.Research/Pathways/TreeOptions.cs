namespace Citrus.Research.Pathways;

/// <summary>Bounds of a tree search.</summary>
public sealed record TreeOptions
{
    public TreeStrategy Strategy { get; init; } = TreeStrategy.BestFirst;

    /// <summary>Candidates asked for at a step, 1 or more.</summary>
    public int Branching { get; init; } = 3;

    /// <summary>Steps of a level that a beam follows, 1 or more; best-first search has no use for it.</summary>
    public int BeamWidth { get; init; } = 2;

    /// <summary>Budget: how often candidates are asked for before the search is given up, 1 or more.</summary>
    public int Expansions { get; init; } = 24;

    /// <summary>Least score, 0-100, with which a step is followed; the prompt says what the scores mean.</summary>
    public double Threshold { get; init; } = 40;

    internal TreeOptions Validated() =>
        Branching < 1 ? throw new ArgumentOutOfRangeException(nameof(Branching), Branching, "1 or more")
        : BeamWidth < 1 ? throw new ArgumentOutOfRangeException(nameof(BeamWidth), BeamWidth, "1 or more")
        : Expansions < 1 ? throw new ArgumentOutOfRangeException(nameof(Expansions), Expansions, "1 or more")
        : Threshold is not (>= 0 and <= 100) ? throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, "0 to 100")
        : this;
}
