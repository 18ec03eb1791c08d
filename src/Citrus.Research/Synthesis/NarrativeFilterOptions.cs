using Citrus.Research.Examples;

namespace Citrus.Research.Synthesis;

/// <summary>What a narrative must keep to before it becomes an example.</summary>
public sealed record NarrativeFilterOptions
{
    /// <summary>Fewest words (in Chinese, characters) of a thought, 0 or more.</summary>
    public int MinLength { get; init; }

    /// <summary>Most words (in Chinese, characters) of a thought.</summary>
    public int MaxLength { get; init; } = 4000;

    /// <summary>Similarity above 0 up to 1 from which on an example repeats an earlier one; 1 leaves out exact repetitions alone. Charts, whose words are few, are always held to 1.</summary>
    public double NearDuplicate { get; init; } = 0.9;

    public ContaminationOptions Contamination { get; init; } = new();

    internal NarrativeFilterOptions Validated() =>
        MinLength < 0 ? throw new ArgumentOutOfRangeException(nameof(MinLength), MinLength, "0 or more")
        : MaxLength < MinLength ? throw new ArgumentOutOfRangeException(nameof(MaxLength), MaxLength, FormattableString.Invariant($"at least the least length, {MinLength}"))
        : NearDuplicate is not (> 0 and <= 1) ? throw new ArgumentOutOfRangeException(nameof(NearDuplicate), NearDuplicate, "above 0, at most 1")
        : this;
}
