namespace Citrus.Research.Training;

/// <summary>A run folder that cannot be used or gone on with; the message says why and what to do.</summary>
public sealed class RunException(string message, Exception? inner = null) : Exception(message, inner);
