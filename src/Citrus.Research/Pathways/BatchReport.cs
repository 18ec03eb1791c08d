namespace Citrus.Research.Pathways;

/// <summary>Where a batch folder stands.</summary>
public sealed record BatchReport
{
    /// <summary>The last round that was begun; null before the first.</summary>
    public BatchRound? Round { get; init; }

    public required int Questions { get; init; }

    /// <summary>Questions with a trace.</summary>
    public int Finished { get; init; }

    /// <summary>Traces among them that cannot be used.</summary>
    public int Unusable { get; init; }

    /// <summary>Questions given up, each with its cause in problems.jsonl.</summary>
    public int GivenUp { get; init; }

    /// <summary>Replies in the journal.</summary>
    public int Replies { get; init; }

    /// <summary>What was odd about the files that came back, for people.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why no further round should be sent before something is mended; null where nothing speaks against it.</summary>
    public string? Blocked { get; init; }

    public bool IsFinished => Finished + GivenUp == Questions;

    /// <summary>Whether the last round still awaits answers.</summary>
    public bool IsUnderWay => Round is { Closed: false };
}
