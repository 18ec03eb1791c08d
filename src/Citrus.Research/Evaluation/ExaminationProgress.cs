namespace Citrus.Research.Evaluation;

/// <summary>How far an examination is.</summary>
/// <param name="Done">Requests with a reply, those of earlier runs included.</param>
/// <param name="Total">Requests in all.</param>
/// <param name="Resumed">Replies that were there already.</param>
/// <param name="Correct">Right ones among those done.</param>
/// <param name="Failed">Requests that gave no reply in this run.</param>
public readonly record struct ExaminationProgress(int Done, int Total, int Resumed, int Correct, int Failed);
