using Citrus.Research.Evaluation.Statistics;
using Citrus.Research.Questions;

namespace Citrus.Research.Evaluation;

/// <summary>An evaluation as a comparison sees it: which questions it got right.</summary>
/// <param name="Name">What people call it; differs from the other runs' names.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="Questions">All questions of the run, each with its own id.</param>
/// <param name="Right">Whether the run's prediction (the vote where there were several samples) is right; a question without one counts as wrong.</param>
/// <param name="SampleMeans">Share of right ones among the samples of each question, a sample that is not there being wrong; null where each has one sample.</param>
/// <param name="Choices">What the run chose for each question, e.g. <c>A</c>; empty where no answer could be read. Null where it is not known.</param>
/// <param name="Calibration">Of the options' scores; null where the protocol has none.</param>
/// <param name="Curve">What several samples are worth together; null where each question has one.</param>
/// <param name="Problems">What did not fit when the run was read, as sentences; told, never dropped.</param>
public sealed record ComparedRun(
    string Name, string Model, Protocol Protocol, IReadOnlyList<Question> Questions, IReadOnlyList<bool> Right, IReadOnlyList<double>? SampleMeans, IReadOnlyList<string> Problems,
    IReadOnlyList<string>? Choices = null, Calibration? Calibration = null, IReadOnlyList<SamplePoint>? Curve = null);
