namespace Citrus.Research.Evaluation;

/// <summary>What a generator wrote after a prompt.</summary>
/// <param name="Tokens">How many tokens; null where it did not count.</param>
public sealed record GeneratedText(string Text, int? Tokens = null);
