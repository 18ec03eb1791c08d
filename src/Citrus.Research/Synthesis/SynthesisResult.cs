using Citrus.Research.Examples;

namespace Citrus.Research.Synthesis;

/// <summary>The kept items in the order of their questions, and the report.</summary>
public sealed record SynthesisResult(IReadOnlyList<SynthesisItem> Items, SynthesisReport Report)
{
    public IReadOnlyList<Example> Examples => [.. Items.Select(i => i.Example)];
}
