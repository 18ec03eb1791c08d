namespace Citrus.Research.Questions.Benchmarks;

/// <summary>A benchmark's file could not be fetched; the message says why and what to do.</summary>
public sealed class BenchmarkDownloadException(string message, Exception? inner = null) : Exception(message, inner);
