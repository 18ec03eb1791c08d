namespace Citrus.Research.Cli;

/// <summary>What a verb leaves for machines: files written and figures, printed as the last line of stdout.</summary>
/// <param name="Outputs">Paths written.</param>
/// <param name="Figures">Further fields of the JSON line.</param>
internal sealed record VerbResult(IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object?> Figures)
{
    /// <summary>Why the verb failed all the same, for people: the JSON line then says so and keeps its figures, and the exit code is 1. Null: it did not.</summary>
    public string? Error { get; init; }

    public VerbResult(IReadOnlyList<string> outputs, params (string Name, object? Value)[] figures)
        : this(outputs, figures.ToDictionary(f => f.Name, f => f.Value))
    {
    }
}
