namespace Citrus.Research.Training;

/// <summary>A training that cannot go on: its loss or weights are no longer numbers.</summary>
public sealed class TrainingFailedException(string message) : Exception(message);
