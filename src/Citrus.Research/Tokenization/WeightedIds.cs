namespace Citrus.Research.Tokenization;

/// <summary>Token ids with one loss weight each; both lists have the same length.</summary>
public sealed record WeightedIds(IReadOnlyList<int> Ids, IReadOnlyList<double> Weights);
