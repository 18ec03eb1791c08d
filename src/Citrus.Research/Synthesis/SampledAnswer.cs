using Citrus.Research.Questions;

namespace Citrus.Research.Synthesis;

/// <summary>One output that a student sampled for a question.</summary>
/// <param name="Output">The whole assistant text.</param>
/// <param name="Correct">Whether its answer is right, as the caller's protocol judges.</param>
public sealed record SampledAnswer(Question Question, string Output, bool Correct);
