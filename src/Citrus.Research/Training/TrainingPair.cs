namespace Citrus.Research.Training;

/// <summary>A preferred and a rejected answer to one prompt; weights are above 0 on the answers' tokens only.</summary>
public sealed record TrainingPair(TrainingSequence Chosen, TrainingSequence Rejected)
{
    /// <summary>What the reference model gives both answers: sums over tokens of weight times natural log-probability. Null where no reference is compared with.</summary>
    public (double Chosen, double Rejected)? Reference { get; init; }
}
