namespace Citrus.Research.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Questions answered.</param>
/// <param name="Total">Questions in all.</param>
/// <param name="Correct">Right ones among those done.</param>
public readonly record struct EvaluationProgress(int Done, int Total, int Correct);
