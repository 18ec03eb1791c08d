namespace Citrus.Research.Training;

/// <summary>A preference loss over all pairs of a step; see <see cref="PreferenceOptions"/>.</summary>
internal sealed class PairObjective(PreferenceOptions options) : IObjective
{
    private (int Pairs, double Anchor)? _whole;

    public bool Compares => true;

    public void Begin(IReadOnlyList<MicroBatch> step)
    {
        _whole = null;
        if (step.Count == 1) return;
        _whole = (step.Sum(b => b.Pairs.Count(p => Counts(p.Chosen) && Counts(p.Rejected))), step.Sum(b => Losses.AnchorWeight(b.Tokens.Weights, b.Tokens.Owners, b.Pairs.Count)));
        static bool Counts(TrainingSequence answer) => answer.Weights.AsSpan(1).ContainsAnyExcept(0f);
    }

    public float[]? Slopes(MicroBatch batch) => null;

    public (double Loss, double? Accuracy) Of(MicroBatch batch, ReadOnlySpan<float> found, Span<float> slopes)
    {
        var reference = options.Reference
            ? batch.Pairs.Select(p => p.Reference ?? throw new ArgumentException("A pair has no reference scores: this loss compares with a reference model, whose scores ReferenceScores computes once.")).ToArray()
            : [];
        var (loss, accuracy, _) = Losses.Preference(found, batch.Tokens.Weights, batch.Tokens.Owners, batch.Pairs.Count, options, slopes, _whole, reference);
        return (loss, accuracy);
    }
}
