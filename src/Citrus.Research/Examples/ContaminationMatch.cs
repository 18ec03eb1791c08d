namespace Citrus.Research.Examples;

/// <summary>A training row that repeats a test question, in one of the two ways.</summary>
/// <param name="File">File of the training row.</param>
/// <param name="Line">Its line, record or row in the file, from 1.</param>
/// <param name="Row">Its id; empty where it has none.</param>
/// <param name="Field">Where in the row the text stands, e.g. <c>messages[0].content</c>.</param>
/// <param name="Source">What the caller named the test question's file.</param>
/// <param name="Benchmark">Benchmark of the test question; empty where unknown.</param>
/// <param name="Question">Id of the test question.</param>
/// <param name="Score">0..100. Of a run: percent of the stem's runs that stand in this row. Fuzzy: the ratio (<see cref="IndelRatio"/>) of the texts in lower case, punctuation aside.</param>
/// <param name="Shared">The longest shared stretch, or the repeated text, as the training row has it; cut after 300 characters.</param>
public sealed record ContaminationMatch(
    string File, int Line, string Row, string Field, string Source, string Benchmark, string Question, ContaminationKind Kind, double Score, string Shared);
