namespace Citrus.Research.Examples;

/// <summary>What a search for test questions in training data counts as a repetition.</summary>
public sealed record ContaminationSearchOptions
{
    /// <summary>Runs of words, and which of them are stock phrases.</summary>
    public ContaminationOptions Runs { get; init; } = new();

    /// <summary>The ratio (<see cref="IndelRatio"/>) from which on two texts are the same but for small edits, 80..100.</summary>
    public double Ratio { get; init; } = 95;
}
