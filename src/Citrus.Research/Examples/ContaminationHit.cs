namespace Citrus.Research.Examples;

/// <summary>A training text shares a run of words with a test question.</summary>
/// <param name="Source">What the caller named the test question's file.</param>
/// <param name="Question">Id of the test question.</param>
/// <param name="Words">The shared run, as the training text has it.</param>
public sealed record ContaminationHit(string Source, string Question, string Words);
