namespace Citrus.Research.Tokenization;

/// <summary>What one check of a tokenizer found.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Passed">False where the tokenizer cannot be trusted with it.</param>
/// <param name="Detail">Figures, or the first thing that is wrong.</param>
public sealed record TokenizerFinding(string Name, bool Passed, string Detail);
