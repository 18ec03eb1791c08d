using Citrus.Research.Questions.Benchmarks;

namespace Citrus.Research.Questions;

/// <summary>A question file and what is known of it besides.</summary>
/// <param name="Split">What the file is, where it does not say so itself.</param>
/// <param name="Entry">The published benchmark it is, where that was said.</param>
/// <param name="LeftOut">Gets a note for each record that is no question of the benchmark or cannot be asked.</param>
internal sealed record QuestionSource(string Path, string Split, BenchmarkEntry? Entry, ICollection<QuestionFormatException>? LeftOut);
