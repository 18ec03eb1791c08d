using Citrus.Research.Questions;

namespace Citrus.Research.Pathways;

/// <summary>Where a question is on its pathway: plain data, so that a driver can put it down and take it up in another process.</summary>
public sealed record PathwayState
{
    public required Question Question { get; init; }

    public required Register Register { get; init; }

    /// <summary>What the next reply answers; each pathway names its own phases.</summary>
    public required string Phase { get; init; }

    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>The step that awaits its rating.</summary>
    public Step? Proposed { get; init; }

    /// <summary>Number of the step of a tree for which next steps are sought, 0 for the question itself.</summary>
    public int At { get; init; }

    /// <summary>Candidates that await their scores, in a tree.</summary>
    public IReadOnlyList<Step> Candidates { get; init; } = [];

    /// <summary>How often next steps were sought for each step of a tree.</summary>
    public IReadOnlyDictionary<int, int> Expanded { get; init; } = new Dictionary<int, int>();

    /// <summary>Steps of a tree whose answer a judge found too little.</summary>
    public IReadOnlyList<int> Insufficient { get; init; } = [];

    /// <summary>Unreadable replies to the request in flight so far.</summary>
    public int Attempt { get; init; }

    /// <summary>Rejections since the last accepted step.</summary>
    public int Rejections { get; init; }

    public int Calls { get; init; }

    public int Repaired { get; init; }

    public int Retried { get; init; }
}
