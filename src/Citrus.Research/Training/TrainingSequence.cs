namespace Citrus.Research.Training;

/// <summary>One sequence to learn from.</summary>
/// <param name="Ids">Token ids, at least 2.</param>
/// <param name="Weights">For each token, the weight of predicting it in the loss; 0 is read but not learned. The first is never predicted.</param>
public sealed record TrainingSequence(int[] Ids, float[] Weights)
{
    /// <summary>A sequence of which every token is learned.</summary>
    public TrainingSequence(int[] ids) : this(ids, Ones(ids.Length)) { }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
