namespace Citrus.Research.Training;

/// <summary>A point of a loss curve.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Loss">Mean loss over the steps since the point before.</param>
public sealed record LossPoint(long Step, double Loss);
