namespace Citrus.Research.Training;

/// <summary>A preferred and a rejected answer to one prompt; weights are above 0 on the answers' tokens only.</summary>
public sealed record TrainingPair(TrainingSequence Chosen, TrainingSequence Rejected);
