namespace Citrus.Research.Studies;

/// <summary>What a study's table was made from, so that it can be made again and doubted in detail.</summary>
public sealed record StudyManifest
{
    /// <summary>Id over all scores' ids.</summary>
    public required string Study { get; init; }

    /// <summary>All options, resolved.</summary>
    public required StudyPlan Plan { get; init; }

    /// <summary>Of the knowledge files.</summary>
    public required string WorldSha256 { get; init; }

    public required string TableSha256 { get; init; }

    /// <summary>How <c>comparisons.csv</c> was made.</summary>
    public string Comparisons { get; init; } = "";

    /// <summary>The records behind the table.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>Every reading of the split that was scored on; one per run that had students to score.</summary>
    public required IReadOnlyList<SplitRead> SplitReads { get; init; }

    /// <summary>Of this library.</summary>
    public required string Version { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }
}
