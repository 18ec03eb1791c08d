namespace Citrus.Research.Evaluation;

/// <summary>One thing that is wrong with a set of predictions. Nothing is dropped without one.</summary>
/// <param name="Kind">What is wrong, and so what it counts as.</param>
/// <param name="Question">The question's id; empty where it is not known.</param>
/// <param name="Line">Line (or record of a JSON array) of the predictions' file, from 1; 0 where there is none.</param>
/// <param name="Text">A sentence for people.</param>
public sealed record EvaluationProblem(EvaluationProblemKind Kind, string Question, int Line, string Text);
