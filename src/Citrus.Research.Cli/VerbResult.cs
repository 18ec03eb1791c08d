namespace Citrus.Research.Cli;

/// <summary>What a verb leaves for machines: files written and figures, printed as the last line of stdout.</summary>
/// <param name="Outputs">Paths written.</param>
/// <param name="Figures">Further fields of the JSON line.</param>
internal sealed record VerbResult(IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object?> Figures)
{
    public VerbResult(IReadOnlyList<string> outputs, params (string Name, object? Value)[] figures)
        : this(outputs, figures.ToDictionary(f => f.Name, f => f.Value))
    {
    }
}
