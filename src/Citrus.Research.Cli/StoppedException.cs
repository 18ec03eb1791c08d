namespace Citrus.Research.Cli;

/// <summary>The user stopped a verb that has more to say about it than that the same command goes on.</summary>
internal sealed class StoppedException(string message) : OperationCanceledException(message);
