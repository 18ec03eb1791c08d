using System.Text.Json.Serialization;

namespace Citrus.Research.Synthesis;

/// <summary>One comparison by the pairwise judge, in one order: a line of verdicts.jsonl.</summary>
public sealed record PreferenceVerdict
{
    /// <summary>Id of the question.</summary>
    public required string Question { get; init; }

    /// <summary>Sample that is to be chosen.</summary>
    public required int Chosen { get; init; }

    /// <summary>Sample that is to be rejected.</summary>
    public required int Rejected { get; init; }

    /// <summary>Whether the chosen one stood first.</summary>
    public required bool ChosenFirst { get; init; }

    /// <summary>The better one by place: 1 or 2; 0 for a tie.</summary>
    public required int Better { get; init; }

    /// <summary>The judge's reason.</summary>
    public string Reason { get; init; } = "";

    public PreferenceUsage Usage { get; init; } = PreferenceUsage.None;

    /// <summary>SHA-256 (hex) of everything it was made from; a resume takes it up where this is the same.</summary>
    public string Inputs { get; init; } = "";

    /// <summary>Whether the judge prefers the sample that is to be chosen.</summary>
    [JsonIgnore]
    public bool ForChosen => Better == (ChosenFirst ? 1 : 2);
}
