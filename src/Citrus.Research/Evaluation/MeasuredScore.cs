namespace Citrus.Research.Evaluation;

/// <summary>An accuracy that was measured with this workbench, as results/evaluation/measured.csv keeps it; read with <see cref="CsvTables.Read{T}"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Parameters">Its number of parameters, embeddings included; null where not told.</param>
/// <param name="Benchmark">As in the published tables, e.g. <c>MedQA</c>.</param>
/// <param name="Right">Questions that it got right.</param>
/// <param name="N">All questions, those without an answer included.</param>
/// <param name="Protocol">How it was asked and scored.</param>
/// <param name="Source">The command, or whose outputs were scored.</param>
public sealed record MeasuredScore(string Model, long? Parameters, string Benchmark, int Right, int N, string Protocol, string Source)
{
    /// <summary>Right answers of all questions.</summary>
    /// <remarks>A method: a table's columns are the record's properties.</remarks>
    public Rate Rate() => Right >= 0 && Right <= N && N > 0 ? new Rate(Right, N) : throw new InvalidDataException($"{Model} on {Benchmark}: {Right} right of {N} cannot be; 0 to N are right, and N is at least 1.");
}
