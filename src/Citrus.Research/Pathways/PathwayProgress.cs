namespace Citrus.Research.Pathways;

/// <summary>How far a driver is.</summary>
/// <param name="Done">Finished questions, resumed ones included.</param>
/// <param name="Total">All questions.</param>
/// <param name="Resumed">Questions whose trace was in the journal already.</param>
/// <param name="Unusable">Finished questions without a usable trace.</param>
public sealed record PathwayProgress(int Done, int Total, int Resumed, int Unusable);
