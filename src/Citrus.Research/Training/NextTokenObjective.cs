namespace Citrus.Research.Training;

/// <summary>Weighted mean cross-entropy over all predicted tokens of a step.</summary>
internal sealed class NextTokenObjective : IObjective
{
    private double? _whole;

    public bool Compares => false;

    public void Begin(IReadOnlyList<MicroBatch> step)
    {
        _whole = null;
        if (step.Count == 1) return;
        var sum = 0.0;
        foreach (var batch in step) foreach (var weight in batch.Tokens.Weights) sum += weight;
        _whole = sum;
    }

    public float[] Slopes(MicroBatch batch)
    {
        var slopes = new float[batch.Tokens.Weights.Length];
        Losses.CrossEntropy(new float[slopes.Length], batch.Tokens.Weights, slopes, _whole);
        return slopes;
    }

    public (double Loss, double? Accuracy) Of(MicroBatch batch, ReadOnlySpan<float> found, Span<float> slopes) =>
        (Losses.CrossEntropy(found, batch.Tokens.Weights.AsSpan(0, found.Length), slopes, _whole), null);
}
