namespace Citrus.Research.Evaluation;

/// <summary>The log-probability, in nats and summed over tokens, of each continuation after the prompt, in the continuations' order.</summary>
public delegate Task<IReadOnlyList<double>> ScoreContinuations(string prompt, IReadOnlyList<string> continuations, CancellationToken cancellationToken);
