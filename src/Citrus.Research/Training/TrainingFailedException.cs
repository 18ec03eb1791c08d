namespace Citrus.Research.Training;

/// <summary>A training that cannot go on: its loss or weights are no longer numbers, or memory is not enough.</summary>
public sealed class TrainingFailedException(string message, Exception? inner = null) : Exception(message, inner);
