namespace Citrus.Research.Training;

/// <summary>A preference loss over all pairs of a step; see <see cref="PreferenceOptions"/>.</summary>
internal sealed class PairObjective(PreferenceOptions options) : IObjective
{
    private (int Pairs, double Anchor)? _whole;

    public void Begin(IReadOnlyList<MicroBatch> step)
    {
        _whole = null;
        if (step.Count == 1) return;
        _whole = (step.Sum(b => b.Pairs.Count), step.Sum(b => Losses.AnchorWeight(b.Tokens.Weights, b.Tokens.Owners, b.Pairs.Count)));
    }

    public (double Loss, double? Accuracy) Of(MicroBatch batch, ReadOnlySpan<float> found, Span<float> slopes)
    {
        var (loss, accuracy, _) = Losses.Preference(found, batch.Tokens.Weights, batch.Tokens.Owners, batch.Pairs.Count, options, slopes, _whole);
        return (loss, accuracy);
    }
}
