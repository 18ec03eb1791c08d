namespace Citrus.Research.Evaluation;

/// <summary>How the samples of the questions differ, where each was asked several times.</summary>
/// <param name="Samples">Samples of a question; the most where they differ.</param>
/// <param name="Single">Right ones among all samples: what one sample is worth on average.</param>
/// <param name="Consistent">Questions whose samples all chose the same (none among them without an answer).</param>
/// <param name="Lowest">Right answers of the worst sample number or option order over all questions, as a fraction; the same place in the list of each question's samples counts as one.</param>
/// <param name="Highest">The best one's.</param>
public sealed record EvaluationSpread(int Samples, Rate Single, Rate Consistent, double Lowest, double Highest);
