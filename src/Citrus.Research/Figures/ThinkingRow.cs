namespace Citrus.Research.Figures;

/// <summary>How long answers were and how many were right.</summary>
/// <param name="Panel">One panel each, such as a student size.</param>
/// <param name="Name">Whose answers; one colour and symbol each.</param>
/// <param name="N">Questions; with several seeds each is asked of every student.</param>
/// <param name="Tokens">Mean tokens of an answer, thought included, the end token excluded.</param>
/// <param name="Accuracy">Fraction right.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
public sealed record ThinkingRow(string Panel, string Name, int N, double Tokens, double Accuracy, double Low, double High);
