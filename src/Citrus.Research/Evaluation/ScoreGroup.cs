namespace Citrus.Research.Evaluation;

/// <summary>The questions that share a kind or a tag's value.</summary>
/// <param name="By">What they are grouped by: <c>kind</c> or a tag's name.</param>
/// <param name="Value">What they share.</param>
/// <param name="Ceiling">Mean of the best possible accuracy, 0..1; null where a question does not tell it.</param>
/// <param name="Chance">Accuracy of guessing, 0..1.</param>
public sealed record ScoreGroup(string By, string Value, Rate Correct, Rate ByLetter, Rate ByName, double? Ceiling, double Chance);
