namespace Citrus.Research.Evaluation;

/// <summary>The log-probability, in nats and summed over tokens, of each continuation after its prompt, in the order given.</summary>
/// <param name="pairs">Whole prompts, chat markup included, with what follows them.</param>
/// <param name="cancellationToken">Ends the work.</param>
public delegate Task<IReadOnlyList<double>> ScorePairs(IReadOnlyList<(string Prompt, string Continuation)> pairs, CancellationToken cancellationToken);
