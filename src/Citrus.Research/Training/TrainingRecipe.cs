namespace Citrus.Research.Training;

/// <summary>How one stage is trained: a name for all its options together. A variant derives with <c>with</c>.</summary>
public sealed record TrainingRecipe
{
    public required string Name { get; init; }

    public required TrainingStage Stage { get; init; }

    /// <summary>What it learns from, and for whom it is meant.</summary>
    public required string About { get; init; }

    /// <summary>What the paper, its repository or the objective's authors state, and where this recipe differs.</summary>
    public required string Published { get; init; }

    /// <summary>Times that every record is learned from.</summary>
    public required double Epochs { get; init; }

    /// <summary>All but the budget, which <see cref="For"/> sets.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Share of the steps over which the rate rises; null is <see cref="TrainingOptions.WarmupSteps"/> as it stands.</summary>
    public double? Warmup { get; init; }

    public EncodingOptions Encoding { get; init; } = new();

    /// <summary>Tokens of a batch, sequences being packed (<see cref="BatchStreams.Packed(IReadOnlyList{TrainingSequence}, int, long)"/>); null takes <see cref="TrainingOptions.BatchSize"/> sequences.</summary>
    public int? BatchTokens { get; init; }

    /// <summary>The loss of a preference stage; null in the others.</summary>
    public PreferenceOptions? Loss { get; init; }

    /// <summary>The options with a budget for so many records.</summary>
    /// <param name="records">Sequences or pairs, once.</param>
    /// <param name="batches">Batches of one epoch, where they are packed.</param>
    /// <exception cref="ArgumentException">There is no record.</exception>
    public TrainingOptions For(long records, long? batches = null)
    {
        if (records < 1) throw new ArgumentException("There is no record to learn from.");
        var examples = Math.Max(1, (long)Math.Ceiling(records * Epochs));
        var steps = batches is { } b ? Math.Max(1, (long)Math.Ceiling(b * Epochs)) : (examples + Training.BatchSize - 1) / Training.BatchSize;
        return Training with
        {
            Examples = batches is null ? examples : null,
            Steps = batches is null ? null : steps,
            WarmupSteps = Warmup is { } share ? (int)Math.Ceiling(share * steps) : Training.WarmupSteps,
        };
    }
}
