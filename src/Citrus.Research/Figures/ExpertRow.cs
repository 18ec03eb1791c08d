namespace Citrus.Research.Figures;

/// <summary>One point of the expert figure: how often an expert, thinking in one way, ended right on a kind of question.</summary>
/// <param name="Expert">Who or which pathway, such as <c>DualExpert</c>.</param>
/// <param name="Kind">The kind of question, or <c>overall</c>.</param>
/// <param name="N">Questions asked.</param>
/// <param name="Accuracy">Fraction right; a question without an answer is wrong.</param>
/// <param name="Low">Lower end of the interval, a fraction.</param>
/// <param name="High">Upper end of the interval, a fraction.</param>
/// <param name="CallsPerQuestion">Mean number of calls of an expert for one question; null where nobody counted.</param>
public sealed record ExpertRow(string Expert, string Kind, int N, double Accuracy, double Low, double High, double? CallsPerQuestion);
