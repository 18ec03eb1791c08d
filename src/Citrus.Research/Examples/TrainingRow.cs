namespace Citrus.Research.Examples;

/// <summary>A row of training data as the texts it holds, whatever its layout.</summary>
/// <param name="Line">Line, record or row in the file, from 1.</param>
/// <param name="Id">Empty where it has none.</param>
public sealed record TrainingRow(string File, int Line, string Id, IReadOnlyList<TrainingText> Texts);
