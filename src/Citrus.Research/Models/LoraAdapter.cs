namespace Citrus.Research.Models;

/// <summary>Low-rank updates of a decoder's linear layers; while one is attached, only it is trained.</summary>
/// <param name="options">Rank, scale and targets.</param>
/// <param name="pairs">One a layer, in the order of the decoder's weights.</param>
public sealed class LoraAdapter(LoraOptions options, IReadOnlyList<LoraPair> pairs) : IDisposable
{
    public LoraOptions Options => options;

    public IReadOnlyList<LoraPair> Pairs => pairs;

    /// <summary>Factor of the update.</summary>
    public double Scale => options.Alpha / (options.RankStabilised ? Math.Sqrt(options.Rank) : options.Rank);

    /// <summary>A and B of each pair, in their order: what is trained.</summary>
    public IReadOnlyList<DecoderParameter> Parameters { get; } = [.. pairs.SelectMany(p => new[] { p.A, p.B })];

    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Value.Dispose();
    }
}
