namespace Citrus.Research.Evaluation;

/// <summary>One score of an evaluation: most have one part; a sweep has one for each value.</summary>
/// <param name="Variant">What sets it apart, e.g. <c>thinking=512</c>; empty where it is the whole.</param>
/// <param name="Predictions">One for each question, in the questions' order, those without output included.</param>
/// <param name="Spread">How the samples differ; null where each question has one.</param>
public sealed record EvaluationPart(string Variant, IReadOnlyList<Prediction> Predictions, Score Score, EvaluationSpread? Spread);
