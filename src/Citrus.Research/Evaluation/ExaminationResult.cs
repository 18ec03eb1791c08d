namespace Citrus.Research.Evaluation;

/// <summary>What an examination came to.</summary>
/// <param name="Parts">The score, or a sweep's scores in rising order.</param>
/// <param name="Problems">Whatever does not fit; requests without a reply are among them.</param>
/// <param name="Samples">Every sample, in the log's order.</param>
/// <param name="Resumed">How many of them earlier runs had left.</param>
public sealed record ExaminationResult(IReadOnlyList<EvaluationPart> Parts, IReadOnlyList<EvaluationProblem> Problems, IReadOnlyList<Sample> Samples, int Resumed);
