using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>An evaluation as a comparison sees it: which questions it got right.</summary>
/// <param name="Name">What people call it; differs from the other runs' names.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="Questions">All questions of the run, each with its own id.</param>
/// <param name="Right">Whether the run's prediction (the vote where there were several samples) is right; a question without one counts as wrong.</param>
/// <param name="SampleMeans">Share of right ones among the samples of each question; null where each has one sample.</param>
/// <param name="Problems">What did not fit when the run was read, as sentences; told, never dropped.</param>
public sealed record ComparedRun(
    string Name, string Model, Protocol Protocol, IReadOnlyList<Question> Questions, IReadOnlyList<bool> Right, IReadOnlyList<double>? SampleMeans, IReadOnlyList<string> Problems);
