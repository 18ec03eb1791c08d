namespace Citrus.Research.Examples;

/// <summary>A preference record: two answers to one prompt, the first to be preferred.</summary>
public sealed record Pair
{
    public required string Id { get; init; }

    /// <summary>The conversation up to, not including, the assistant turn that differs.</summary>
    public required IReadOnlyList<Turn> Prompt { get; init; }

    public required string Chosen { get; init; }

    public required string Rejected { get; init; }

    /// <summary>The judge's score of the chosen answer, 0-100, where one was given.</summary>
    public double? ChosenScore { get; init; }

    /// <summary>The judge's score of the rejected answer, 0-100, where one was given.</summary>
    public double? RejectedScore { get; init; }
}
